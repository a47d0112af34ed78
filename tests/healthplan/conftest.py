"""What several tests of this folder ask for."""

import pytest
from django.utils.translation import trans_real

from healthplan.messages import compile_messages


@pytest.fixture
def english():
    """The compiled texts, read anew: a catalog once read is kept by the process."""
    compile_messages()
    trans_real._translations.pop("en", None)  # type: ignore[attr-defined]
    yield
    trans_real._translations.pop("en", None)  # type: ignore[attr-defined]
