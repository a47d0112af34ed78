"""问题与措施: asked where a target is behind, not where all is well; kept with each round."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from institutions.enums import Role
from reports.base.enums import Cause, Difficulty, Origin, Status, SubmissionState
from reports.base.errors import RefusedError
from reports.models import Explanation, Submission
from reports.returns.actions import explanations, submissions
from reports.returns.actions.explanations import ExplanationInput
from reports.returns.errors import NewerSaveError
from reports.returns.queries.explanations import (
    explanation_for,
    explanations_of,
    explanations_token,
    lacking_sentence,
    wanted_explanations,
)
from reports.reviewing.actions import reviews
from targets.models import Target
from tests.factories import person
from tests.factories.results import AttainmentFactory
from tests.reports.returns.helpers import MORNING, NOON, Q1, Filling, filling

pytestmark = pytest.mark.django_db
ASKED_QUERIES = 6
BEHIND = [Status.AMBER, Status.RED]
WELL = [Status.GREEN, Status.MET, Status.NOT_DUE, Status.SHOWN, Status.NOT_APPLICABLE, Status.NO_DATA]


@pytest.fixture
def scene() -> Filling:
    return filling()


def target_of(scene, element="visits") -> Target:
    return Target.objects.get(indicator__element=getattr(scene, element))


def result(scene, status=Status.RED, quarter=Q1, element="visits", **fields):
    """Of the hospital itself."""
    place = {"region": None, "institution": scene.hospital} if "region" not in fields else {}
    return AttainmentFactory(
        target=target_of(scene, element), quarter=quarter.ordinal, status=status, **(place | fields)
    )


def names(scene, **made):
    return [each.target for each in wanted_explanations(scene.submission, **made)]


def told(scene, element="visits", **changed):
    words = {"causes": ("staff",), "problem": "两名医生离职，门诊减少。", "measures": "二季度招聘两名医生。"}
    return ExplanationInput(target_of(scene, element).pk, **(words | changed))


def put(scene, *words, by=None, seen=None, now=MORNING):
    return explanations.save_explanations(
        scene.submission, words or [told(scene)], by or scene.reporter, now, seen=seen
    )


@pytest.mark.parametrize("status", BEHIND)
def test_asked_where_the_target_is_behind(scene, status):
    result(scene, status)
    assert names(scene) == [target_of(scene)]


@pytest.mark.parametrize("status", WELL)
def test_not_asked_where_all_is_well(scene, status):
    result(scene, status)
    assert names(scene) == []


def test_last_quarter_speaks_while_this_one_has_no_data(scene):
    result(scene, Status.NO_DATA)
    before = result(scene, Status.AMBER, Q1 - 1)
    result(scene, Status.RED, Q1 - 2)
    assert [each.result for each in wanted_explanations(scene.submission)] == [before]


def test_this_quarter_speaks_before_the_last(scene):
    result(scene, Status.GREEN)
    result(scene, Status.RED, Q1 - 1)
    assert names(scene) == []


def test_unreported_is_cured_by_reporting(scene):
    result(scene, Status.RED, cause=Cause.UNREPORTED)
    result(scene, Status.GREEN, Q1 - 1)
    assert names(scene) == []


def test_not_asked_of_a_target_that_this_quarter_does_not_judge(scene):
    result(scene, Status.RED, Q1 - 1)
    assert names(scene) == []


def test_superseded_result_is_not_asked(scene):
    result(scene, Status.RED, superseded_on=date(2024, 5, 1))
    assert names(scene) == []


def test_bureau_speaks_for_its_region_and_a_hospital_for_itself(scene):
    county = scene.places.counties[0]
    result(scene, Status.RED, region=county)
    result(scene, Status.GREEN, element="trained", region=county)
    bureau = Submission.objects.create(
        reporter=scene.places.bureaus[0], quarter=Q1.ordinal, due_on=date(2024, 4, 15), review_by=date(2024, 4, 22)
    )
    assert ([each.target for each in wanted_explanations(bureau)], names(scene)) == ([target_of(scene)], [])


def test_what_the_draft_answers_as_done_is_well(scene):
    result(scene, Status.RED, element="camp", units=1)
    assert names(scene) == [target_of(scene, "camp")]
    submissions.save_draft(scene.submission, scene.answers(camp=2), scene.reporter, MORNING)
    assert names(scene) == []
    submissions.save_draft(scene.submission, scene.answers(camp=1), scene.reporter, MORNING)
    assert names(scene) == [target_of(scene, "camp")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"causes": []}, "请至少选一个问题类别。"),
        ({"problem": " 缺人。 "}, "请写明存在问题，不少于 5 个字。"),
        ({"measures": ""}, "请写明下一步措施，不少于 5 个字。"),
        ({}, ""),
    ],
)
def test_lacking_names_the_first_thing_that_is_not_there(words, sentence):
    whole = {"causes": [Difficulty.STAFF], "problem": "两名医生离职。", "measures": "抓紧招聘医生。"}
    assert lacking_sentence(Explanation(**(whole | words))) == sentence


def test_put_keeps_what_is_told_with_the_draft(scene):
    result(scene)
    draft = put(scene, told(scene, finish_by=date(2024, 6, 30)))
    kept = Explanation.objects.get()
    assert (kept.round, kept.causes, kept.finish_by) == (draft, ["staff"], date(2024, 6, 30))


def test_put_keeps_what_is_unfinished_and_takes_away_what_is_empty(scene):
    put(scene, told(scene, problem=""))
    assert Explanation.objects.get().problem == ""
    put(scene, ExplanationInput(target_of(scene).pk))
    assert Explanation.objects.count() == 0


def test_put_by_another_unit_is_denied(scene):
    with pytest.raises(PermissionDenied):
        put(scene, by=person(Role.REPORTER, scene.places.hospitals[1][0]))


def test_put_over_what_another_person_wrote_is_refused(scene):
    seen = explanations_token(explanations_of(put(scene)))
    put(scene, told(scene, problem="另有说法，见来文。"), seen=seen)
    with pytest.raises(NewerSaveError):
        put(scene, told(scene, problem="第三种说法在此。"), seen=seen)
    assert Explanation.objects.get().problem == "另有说法，见来文。"


def test_put_about_a_target_of_another_place_is_refused(scene):
    stranger = AttainmentFactory().target
    with pytest.raises(RefusedError) as refused:
        put(scene, ExplanationInput(stranger.pk, ("staff",), "别处的目标。", "别处的措施。"))
    assert str(refused.value) == "工作计划已有变化，没有保存。请重新打开问题与措施页，核对后再写。"


def test_submit_without_explanations_names_the_first_and_the_count(scene):
    result(scene)
    result(scene, Status.AMBER, element="all_visits")
    put(scene, told(scene, measures="招人"))
    with pytest.raises(RefusedError) as refused:
        scene.hand_in()
    assert str(refused.value) == (
        f"没有提交：有 2 项目标滞后，还没有写全问题与措施，第一项是“{target_of(scene, 'all_visits')}”："
        "请至少选一个问题类别。已填内容都已存为草稿；请到“问题与措施”写好后再提交。"
    )


def test_submit_with_explanations_passes(scene):
    result(scene)
    put(scene)
    assert scene.hand_in().state == SubmissionState.SUBMITTED


def test_backfilled_return_explains_nothing(scene):
    result(scene)
    draft = submissions.save_draft(scene.submission, scene.answers(), scene.reviewer, MORNING, origin=Origin.BACKFILL)
    submissions.submit(scene.submission, scene.reviewer, MORNING)
    draft.refresh_from_db()
    assert draft.submitted_at == MORNING


def test_explanations_are_kept_with_each_round(scene):
    result(scene)
    put(scene)
    scene.hand_in()
    reviews.send_back(scene.submission, "措施太空", scene.reviewer, NOON)
    put(scene, told(scene, measures="六月底前招聘两名医生到岗。"), now=NOON)
    scene.hand_in(NOON)
    assert [(each.round.number, each.measures) for each in Explanation.objects.order_by("round__number")] == [
        (1, "二季度招聘两名医生。"),
        (2, "六月底前招聘两名医生到岗。"),
    ]


def test_last_quarters_words_are_at_hand(scene):
    result(scene)
    put(scene)
    scene.hand_in()
    scene.approve()
    scene.next_quarter()
    result(scene, quarter=Q1 + 1)
    [each] = wanted_explanations(scene.submission)
    assert (each.said, each.before.problem) == (None, "两名医生离职，门诊减少。")


def test_explanation_for_a_result_is_what_was_handed_in_last(scene):
    result(scene)
    put(scene)
    place = (target_of(scene).pk, Q1, scene.hospital.region_id, scene.hospital.pk)
    assert explanation_for(*place) is None
    scene.hand_in()
    assert explanation_for(*place).problem == "两名医生离职，门诊减少。"


@pytest.mark.parametrize("count", [1, 3])
def test_asked_takes_the_same_queries_for_any_number(scene, count, django_assert_num_queries):
    for element in ("visits", "trained", "all_visits")[:count]:
        result(scene, Status.NO_DATA, element=element)
        result(scene, Status.RED, Q1 - 1, element=element)
    put(scene)
    submission = Submission.objects.select_related("reporter__region").get(pk=scene.submission.pk)
    with django_assert_num_queries(ASKED_QUERIES):
        assert len(wanted_explanations(submission)) == count
