"""Who keeps a register and where, for the tests of its doors."""

import pytest
from django.core.cache import cache
from django.test import Client

from institutions.enums import Role
from institutions.models import User
from tests.factories import Kaifeng, kaifeng_like, person


@pytest.fixture
def city() -> Kaifeng:
    """Nothing that was uploaded before waits in the cache."""
    cache.clear()
    return kaifeng_like()


@pytest.fixture
def admin(client: Client, city: Kaifeng) -> User:
    """The first county's system administrator, logged in."""
    user = person(Role.SYSTEM_ADMIN, city.counties[0], is_staff=True)
    client.force_login(user)
    return user
