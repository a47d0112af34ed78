"""One drawn world at a time in the database: written in a transaction that is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.db import connection, transaction

from tests.oracle.scenarios import Built, DrawnWorld, Stage, build, build_stage

SWEEP_EVERY = 20
worlds_built = count(1)


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return build_stage()


@contextmanager
def standing(world: DrawnWorld, stage: Stage) -> Iterator[Built]:
    """The world as rows. What many such transactions leave behind is swept up now and then, or all slows down."""
    with transaction.atomic():
        yield build(world, stage)
        transaction.set_rollback(True)
    if next(worlds_built) % SWEEP_EVERY == 0:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
