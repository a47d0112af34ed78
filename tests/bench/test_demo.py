"""The clerk of the demo bench gets a return through that is asked about."""

import pytest

from reports.base.enums import SubmissionState
from reports.returns.errors import FindingsError
from targets.enums import Operator, Severity
from tests.bench import demo
from tests.factories import CheckRuleFactory
from tests.reports.returns.helpers import filling

pytestmark = pytest.mark.django_db


def test_last_quarters_answers_are_handed_in_with_a_word_where_one_is_asked():
    scene = filling()
    scene.hand_in()
    scene.approve()
    scene.next_quarter()
    pair = {"left": [scene.visits], "right": [scene.trained], "operator": Operator.AT_MOST}
    CheckRuleFactory(plan=scene.plan, severity=Severity.SOFT, message="诊疗多于培训。", **pair)
    with pytest.raises(FindingsError, match="要写明原因后才能提交。"):
        scene.hand_in()
    assert demo.hand_in(scene.submission, scene.reporter).state == SubmissionState.SUBMITTED
