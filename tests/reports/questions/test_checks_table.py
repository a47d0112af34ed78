"""docs/checks.md says what the checks say."""

import pytest

from reports.questions.checks import HARD_CHECKS, OF_A_LATER_QUARTER, OF_A_PLAN, SOFT_CHECKS, check_patterns
from reports.questions.checks.fields import FAULTS
from tests.reports.questions.checks_table import EXAMPLES, PAGE, page

# Said by the form itself, not by a check of the answers; "ahead" ends in another check's sentence.
OF_THE_FORM = {"number", "places", "too_large", "note_long", "left", "filled", "explain", "ahead"} | {
    each.word for each in FAULTS
}


def test_the_page_is_what_the_checks_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: see tests/reports/questions/checks_table.py"


def test_every_check_has_an_example():
    shown = {example.finding().check for example in EXAMPLES}
    assert shown == {check.__name__ for check in (*HARD_CHECKS, *SOFT_CHECKS)} | {OF_A_PLAN, OF_A_LATER_QUARTER}


@pytest.mark.parametrize("name", sorted(check_patterns().keys() - OF_THE_FORM))
def test_every_sentence_has_an_example(name):
    beginning = check_patterns()[name].rpartition("}")[2] or check_patterns()[name]
    assert any(example.finding().message.endswith(beginning) for example in EXAMPLES)
