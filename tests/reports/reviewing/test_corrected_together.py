"""An earlier quarter corrected against what later ones were approved as: refused, or corrected and decided together."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.errors import RefusedError
from reports.models import Correction, Entry, Figure, Submission
from reports.questions.checks import check_answers, unexplained_findings
from reports.questions.queries.asked import questions_asked
from reports.returns.actions import opening, submissions
from reports.returns.errors import FindingsError
from reports.reviewing.actions import batch_reviews, corrections, reviews
from targets.enums import Accumulation
from targets.periods import Quarter
from tests.factories import DataElementFactory, IndicatorFactory, person, target_with_terms
from tests.reports.returns.helpers import MORNING, NOON, Q1, Filling, filling

pytestmark = pytest.mark.django_db
Q2 = Quarter(2024, 2)
AHEAD = "2024年第二季度已通过的累计数是 35 人，小于这里填的。请核对本季数；那一季也有误的，请一并更正2024年第二季度。"


@pytest.fixture
def scene() -> Filling:
    """培训人次, a total of the year: 30 after 2024Q1 and 35 after 2024Q2, both approved; Q1 is opened again."""
    made = filling()
    made.hand_in(trained=30)
    made.approve()
    opening.open_quarter(Q2, MORNING)
    hand_in(made, Q2, trained=35)
    reviews.approve(of(made, Q2), made.reviewer, NOON)
    corrections.grant(corrections.ask(of(made, Q1), "少计", made.reporter, NOON), made.reviewer, NOON)
    return made


def of(scene, quarter) -> Submission:
    return Submission.objects.get(reporter=scene.hospital, quarter=quarter.ordinal)


def save(scene, quarter, unexplained=(), **changed):
    """All with a word about it but `unexplained`."""
    values = {"all_visits": 100 + quarter.number, "visits": 60 + quarter.number} | changed
    silent = [getattr(scene, name).pk for name in unexplained]
    answers = [
        each if each.element_id in silent else replace(each, note=each.note or "已核实。")
        for each in scene.answers(**values)
    ]
    submissions.save_draft(of(scene, quarter), answers, scene.reporter, NOON)


def hand_in(scene, quarter, **changed):
    save(scene, quarter, **changed)
    return submissions.submit(of(scene, quarter), scene.reporter, NOON)


def join(scene, by=None):
    return corrections.join(of(scene, Q1), of(scene, Q2), by or scene.reporter, NOON)


def both_handed_in(scene, first=50, second=60):
    save(scene, Q1, trained=first)
    join(scene)
    save(scene, Q2, trained=second)
    submissions.submit(of(scene, Q1), scene.reporter, NOON)


def states(scene):
    return [of(scene, quarter).state for quarter in (Q1, Q2)]


def in_force(scene, element=None):
    rows = Figure.objects.filter(element=element or scene.trained).order_by("quarter")
    return [(int(each.value), None if each.rise is None else int(each.rise)) for each in rows]


# --- The finding ---


def test_a_correction_over_the_next_approved_total_is_refused_and_names_the_quarter(scene):
    with pytest.raises(FindingsError) as refused:
        hand_in(scene, Q1, trained=50)
    (finding,) = refused.value.findings
    assert (finding.key[0], finding.message, finding.later.submission_id) == (scene.trained.pk, AHEAD, of(scene, Q2).pk)
    assert (states(scene), in_force(scene)) == (["reopened", "approved"], [(30, 30), (35, 5)])


def test_a_correction_up_to_the_next_approved_total_passes(scene):
    assert hand_in(scene, Q1, trained=35).state == "submitted"


def test_a_late_first_return_over_the_next_approved_total_is_refused_alike():
    scene = filling()
    opening.open_quarter(Q2, MORNING)
    hand_in(scene, Q2, trained=35)
    reviews.approve(of(scene, Q2), scene.reviewer, NOON)
    with pytest.raises(FindingsError) as refused:
        hand_in(scene, Q1, trained=50)
    assert [each.message for each in refused.value.findings] == [AHEAD]


def test_a_stock_that_makes_the_next_quarter_jump_is_asked_about_and_a_word_lets_it_pass():
    scene = filling()
    scene.doctors = DataElementFactory(name="在岗医生", accumulation=Accumulation.STOCK, unit="人")
    target_with_terms(IndicatorFactory(element=scene.doctors), {date(2024, 12, 31): 1}, plan=scene.plan)
    for quarter in (Q1, Q2):
        opening.open_quarter(quarter, MORNING)
        hand_in(scene, quarter, trained=30, doctors=100)
        reviews.approve(of(scene, quarter), scene.reviewer, NOON)
    corrections.grant(corrections.ask(of(scene, Q1), "多计", scene.reporter, NOON), scene.reviewer, NOON)
    with pytest.raises(FindingsError) as refused:
        hand_in(scene, Q1, trained=30, doctors=60, unexplained=["doctors"])
    assert [each.message for each in refused.value.findings] == [
        "照此填写，2024年第二季度已通过的 100 人 会提示：比上季（60 人）增加 67%，请核实。"
        "请在“核实说明”中写一句原因，再提交。"
    ]
    assert hand_in(scene, Q1, trained=30, doctors=60).state == "submitted"


def test_what_the_approved_value_did_already_is_not_asked_about_again(scene):
    """The rise of 5 after one of 30 was explained with Q2; a rise of 29 makes it none the stranger."""
    question = next(each for each in questions_asked(scene.hospital, Q1) if each.element == scene.trained)
    assert (question.in_force, [each.value for each in question.later]) == (30, [35])
    assert check_answers([question], [scene.answer("trained", 29)], Q1) == []


# --- Opened, handed in and decided together ---


def test_join_opens_the_later_return_with_its_approved_answers(scene):
    opened = join(scene)
    draft = opened.rounds.get(submitted_at=None)
    assert (states(scene), draft.entries.get(element=scene.trained).value) == (["reopened", "reopened"], 35)
    first, second = Correction.objects.order_by("pk")
    assert (second.together_with, second.granted, second.decided_by, second.reason) == (
        first,
        True,
        None,
        "与2024年第一季度一并更正。",
    )
    assert in_force(scene) == [(30, 30), (35, 5)]


def test_a_second_click_finds_it_joined(scene):
    join(scene)
    join(scene)
    assert (Correction.objects.count(), of(scene, Q2).rounds.drafts().count()) == (2, 1)
    assert AuditRecord.objects.filter(action="correction.joined").count() == 1


def test_join_by_another_unit_or_across_units_is_denied(scene):
    with pytest.raises(PermissionDenied):
        join(scene, by=person(Role.REPORTER, scene.places.hospitals[1][0]))
    stranger = Submission.objects.get(reporter=scene.places.hospitals[1][0], quarter=Q2.ordinal)
    with pytest.raises(PermissionDenied):
        corrections.join(of(scene, Q1), stranger, scene.reporter, NOON)


def test_join_without_an_opened_correction_is_refused(scene):
    corrections.end(of(scene, Q1), scene.reporter, NOON)
    with pytest.raises(RefusedError, match="不是更正中"):
        join(scene)


def test_both_are_handed_in_together_from_either(scene):
    save(scene, Q1, trained=50)
    join(scene)
    save(scene, Q2, trained=60)
    submissions.submit(of(scene, Q2), scene.reporter, NOON)
    assert states(scene) == ["submitted", "submitted"]


def test_one_that_cannot_be_handed_in_holds_both(scene):
    save(scene, Q1, trained=50)
    join(scene)
    with pytest.raises(RefusedError, match="与本表一并更正的2024年第二季度报表还不能提交"):
        submissions.submit(of(scene, Q1), scene.reporter, NOON)
    assert states(scene) == ["reopened", "reopened"]
    assert not of(scene, Q1).rounds.filter(decision="", submitted_at__isnull=False).exists()


def test_the_later_one_is_checked_against_what_is_typed_in_the_earlier_one(scene):
    save(scene, Q1, trained=50)
    join(scene)
    with pytest.raises(FindingsError) as refused:
        hand_in(scene, Q2, trained=49)
    assert refused.value.findings[0].message.startswith("本年累计数不能小于前一季的 50 人。")


def test_a_part_corrected_in_two_quarters_still_fits_its_whole_in_each(scene):
    """The whole of the later quarter holds the set, too: 全部诊疗人次 102 under a part of 103."""
    save(scene, Q1, trained=50)
    join(scene)
    save(scene, Q2, trained=60, visits=103)
    with pytest.raises(RefusedError, match="2024年第二季度报表还不能提交"):
        submissions.submit(of(scene, Q1), scene.reporter, NOON)
    save(scene, Q2, trained=60, visits=102)
    submissions.submit(of(scene, Q1), scene.reporter, NOON)
    assert states(scene) == ["submitted", "submitted"]


def test_one_approval_approves_both(scene):
    both_handed_in(scene)
    reviews.approve(of(scene, Q2), scene.reviewer, NOON)
    assert (states(scene), in_force(scene)) == (["approved", "approved"], [(50, 50), (60, 10)])
    assert AuditRecord.objects.filter(action="submission.approved").count() == 4


def test_one_send_back_sends_both_back_and_they_go_on_together(scene):
    both_handed_in(scene)
    reviews.send_back(of(scene, Q1), "请附台账", scene.reviewer, NOON)
    assert (states(scene), in_force(scene)) == (["reopened", "reopened"], [(30, 30), (35, 5)])
    assert of(scene, Q2).rounds.last().reason == "与2024年第一季度一并更正，一并退回：请附台账"
    save(scene, Q1, trained=45)
    submissions.submit(of(scene, Q1), scene.reporter, NOON)
    assert states(scene) == ["submitted", "submitted"]
    reviews.approve(of(scene, Q1), scene.reviewer, NOON)
    assert in_force(scene) == [(45, 45), (60, 15)]


def test_one_withdrawal_takes_both_back(scene):
    both_handed_in(scene)
    submissions.withdraw(of(scene, Q2), scene.reporter, NOON)
    assert states(scene) == ["reopened", "reopened"]


def test_a_second_approval_of_either_is_told_who_decided(scene):
    both_handed_in(scene)
    reviews.approve(of(scene, Q1), scene.reviewer, NOON)
    for quarter in (Q1, Q2):
        with pytest.raises(RefusedError, match="这张报表已由 王审核 于 4月10日 12:00 通过。不需要重复处理。"):
            reviews.approve(of(scene, quarter), person(Role.REVIEWER, scene.places.counties[0]), NOON)


def test_who_typed_in_one_decides_on_neither(scene):
    other = person(Role.REVIEWER, scene.places.counties[0])
    save(scene, Q1, trained=50)
    join(scene)
    save(scene, Q2, trained=60)
    Entry.objects.filter(round__in=of(scene, Q2).rounds.drafts(), element=scene.visits).update(typed_by=other)
    submissions.submit(of(scene, Q1), scene.reporter, NOON)
    for quarter in (Q1, Q2):
        with pytest.raises(RefusedError, match="不能审核自己填报的报表"):
            reviews.approve(of(scene, quarter), other, NOON)
    assert states(scene) == ["submitted", "submitted"]


def test_another_countys_reviewer_decides_on_neither(scene):
    both_handed_in(scene)
    outsider = person(Role.REVIEWER, scene.places.counties[1])
    for quarter in (Q1, Q2):
        with pytest.raises(PermissionDenied):
            reviews.approve(of(scene, quarter), outsider, NOON)


def test_ending_the_first_ends_what_was_opened_with_it(scene):
    join(scene)
    corrections.end(of(scene, Q1), scene.reporter, NOON)
    assert states(scene) == ["approved", "approved"]


def test_ending_the_later_one_leaves_the_first_open_and_refused_again(scene):
    save(scene, Q1, trained=50)
    join(scene)
    corrections.end(of(scene, Q2), scene.reporter, NOON)
    assert states(scene) == ["reopened", "approved"]
    with pytest.raises(FindingsError):
        submissions.submit(of(scene, Q1), scene.reporter, NOON)


def test_many_at_once_leaves_a_set_out(scene):
    both_handed_in(scene)
    made = of(scene, Q1).rounds.last()
    done = batch_reviews.approve_all([made], scene.reviewer, NOON)
    assert (done.approved, [why for _each, why in done.skipped]) == ([], ["与其他季度一并更正，请打开审核。"])


# --- What the hand-in could not know ---


def test_an_approval_that_would_make_a_total_fall_is_refused(scene):
    """Q3 was handed in over a corrected Q2 that was ended since: its 33 would be less than the 35 in force."""
    corrections.end(of(scene, Q1), scene.reporter, NOON)
    corrections.grant(corrections.ask(of(scene, Q2), "多计", scene.reporter, NOON), scene.reviewer, NOON)
    save(scene, Q2, trained=31)
    third = Quarter(2024, 3)
    opening.open_quarter(third, MORNING)
    hand_in(scene, third, trained=33)
    corrections.end(of(scene, Q2), scene.reporter, NOON)
    with pytest.raises(RefusedError, match="2024年第三季度的 33 人 会小于2024年第二季度的 35 人"):
        reviews.approve(of(scene, third), scene.reviewer, NOON)
    assert (of(scene, third).state, in_force(scene)) == ("submitted", [(30, 30), (35, 5)])


def test_only_a_joined_correction_is_granted_without_an_answer(scene):
    join(scene)
    second = Correction.objects.get(together_with__isnull=False)
    with pytest.raises(IntegrityError, match="correction_decided_who_and_when"), transaction.atomic():
        Correction.objects.filter(pk=second.pk).update(together_with=None)


# --- The pages ---


@pytest.fixture
def april(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


def posted(scene, **changed):
    data = {"seen": submissions.save_token(of(scene, Q1).rounds.drafts().first()), "submit": ""}
    for answer in scene.answers(all_visits=101, visits=61, **changed):
        name = f"{answer.element_id}-{answer.subject_id}"
        choice = {scene.camp.pk: "全部完成", scene.equipped.pk: "是"}.get(answer.element_id)
        data[f"v-{name}"], data[f"note-{name}"] = choice or str(answer.value), answer.note or "已核实。"
    return data


def test_the_field_offers_to_correct_the_later_quarter_and_goes_there(scene, client, april):
    client.force_login(scene.reporter)
    first, second = of(scene, Q1).pk, of(scene, Q2).pk
    page = client.post(f"/returns/{first}/", posted(scene, trained=50))
    text = page.content.decode()
    assert AHEAD in text
    assert f'formaction="/returns/{first}/together/{second}/"' in text
    assert "一并更正 2024年第二季度" in text


def test_from_the_field_to_the_later_return_and_both_say_so(scene, client, april):
    client.force_login(scene.reporter)
    first, second = of(scene, Q1).pk, of(scene, Q2).pk
    data = posted(scene, trained=50)
    del data["submit"]
    done = client.post(f"/returns/{first}/together/{second}/", data, follow=True)
    assert done.redirect_chain == [(f"/returns/{second}/", 302)]
    assert of(scene, Q1).rounds.drafts().get().entries.get(element=scene.trained).value == Decimal(50)
    assert "与以下各季报表一并更正" in done.content.decode()
    assert f'href="/returns/{second}/"' in client.get(f"/returns/{first}/").content.decode()


def test_a_reviewer_sees_the_set_and_an_outsider_finds_nothing(scene, client, april):
    both_handed_in(scene)
    client.force_login(scene.reviewer)
    page = client.get(f"/reviews/{of(scene, Q1).pk}/").content.decode()
    assert f'href="/reviews/{of(scene, Q2).pk}/"' in page
    client.force_login(person(Role.REPORTER, scene.places.hospitals[1][0]))
    address = f"/returns/{of(scene, Q1).pk}/together/{of(scene, Q2).pk}/"
    assert client.post(address, {}).status_code == 404
    client.force_login(person(Role.DIRECTOR, scene.places.counties[0]))
    assert client.post(address, {}).status_code == 404


def test_unexplained_findings_keep_the_later_return(scene):
    question = next(each for each in questions_asked(scene.hospital, Q1) if each.element == scene.trained)
    answers = [scene.answer("trained", 10)]
    found = unexplained_findings(check_answers([question], answers, Q1), answers)
    assert [each.later.quarter for each in found] == [Q2]
