"""A closing, merging, splitting or move: shown before it is confirmed, then done everywhere at once."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache

from institutions.actions import enrolment
from institutions.actions.enrolment import NotConfirmedError
from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, Role
from institutions.models import AuditRecord, FormerReporter, Institution
from institutions.preview import unit_row
from institutions.queries import administered_paths
from institutions.roster import Roster
from reports.base.enums import SubmissionState
from reports.base.errors import RefusedError
from reports.boards.queries.progress import owed_below
from reports.exports.queries.timeliness import by_unit
from reports.judging import recompute
from reports.models import Attainment, Figure, ReturnPeriod, Submission
from reports.reminders.actions import reminders
from reports.reminders.queries import chaseable_returns, open_calls
from reports.returns.actions import opening, submissions
from reports.returns.queries.submissions import reporter_worklist
from reports.reviewing.actions import reviews
from reports.reviewing.queries.work_list import WorkListFilters, work_list
from tests.factories import InstitutionFactory, RegionFactory, VillageClinicFactory, person
from tests.reports.returns.closings import LATER, MARCH_20, Closing, closing, told
from tests.reports.returns.helpers import MORNING, NOON, Q1

pytestmark = pytest.mark.django_db
OVERDUE = datetime(2024, 4, 20, 9, tzinfo=SHANGHAI)


@pytest.fixture
def world() -> Closing:
    cache.clear()
    return closing()


# --- Shown before it is confirmed -------------------------------------------------------------------------------


def test_what_a_merger_does_is_shown_and_nothing_is_done(world: Closing):
    planned = world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code}))
    names = "、".join(clinic.name for clinic in sorted(world.clinics, key=lambda clinic: clinic.code))
    assert told(planned.effects, "lines") == [
        (names, "", f"从 2024-03-20 起由“新镇卫生院”填报（原由“{world.old}”填报）")
    ]
    assert told(planned.effects, "returns") == [
        (world.old.name, "2024年第一季度", "不再报送，不再催报；已填的草稿保留，可以查看"),
        (world.old.name, "2024年第一季度", "表内减少 3 家机构的填报项"),
        ("新镇卫生院", "2024年第一季度", "表内增加 3 家机构的填报项"),
    ]
    assert told(planned.effects, "people") == [
        (
            world.old.name,
            "",
            f"停业以后的季度没有要填的报表：李填报（{world.scene.reporter.username}）。"
            "账号保留；要替别的机构填报的，请在“人员”表里加岗位。",
        ),
        ("新镇卫生院", "", "还没有可以登录的填报员，接过来的报表没有人填。请在“人员”表里加岗位。"),
    ]
    world.old.refresh_from_db()
    assert (world.old.closed, FormerReporter.objects.exists(), planned.needs_reason) == (None, False, False)


def test_targets_whose_base_changes_are_counted_before_and_after(world: Closing):
    planned = world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code}))
    told_of = [(about.split("：")[0], text) for about, _, text in told(planned.effects, "targets")]
    # Four targets ask hospitals: one of them is judged in the county too, the others are not allotted to it.
    # The fifth asks clinics, which stay.
    assert sorted(told_of) == sorted([("甲县", "应报 2 家 → 1 家"), *[("某市", "应报 3 家 → 2 家")] * 4])


def test_a_rehearsal_leaves_no_trace_in_the_record(world: Closing):
    before = AuditRecord.objects.count()
    world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code}))
    assert AuditRecord.objects.count() == before


def test_what_was_shown_must_still_hold_when_it_is_confirmed(world: Closing):
    token = world.keep([(world.old, {"closed": MARCH_20, "merged_into": world.new.code})])
    shown = enrolment.preview_kept_roster(token, world.admin, LATER)
    assert shown is not None
    world.hand_in()
    with pytest.raises(NotConfirmedError, match="核对之后名册有了变动"):
        enrolment.confirm(token, seen=shown.fingerprint, by=world.admin, now=LATER)


def test_the_check_page_shows_it_and_confirms_it(world: Closing, client):
    client.force_login(world.admin)
    address = f"/register/check/{world.keep([(world.old, {'closed': MARCH_20, 'merged_into': world.new.code})])}/"
    page = client.get(address).content.decode()
    headings = ["由谁填报", "报表", "填报员账号", "考核基数和结果"]
    assert [page.index(f"<h3>{each}</h3>") for each in headings] == sorted(
        page.index(f"<h3>{each}</h3>") for each in headings
    )
    assert "不再报送，不再催报；已填的草稿保留，可以查看" in page
    assert "应报 3 家 → 2 家" in page
    assert "请写明原因（必填）" not in page
    done = client.post(address, {"seen": client.get(address).context["plan"].fingerprint}, follow=True)
    assert "名册已导入。" in done.content.decode()
    assert world.return_of(world.old).has_lapsed


def test_the_check_page_asks_for_a_reason_and_keeps_what_was_written(world: Closing, client):
    ReturnPeriod.objects.update(due_on=date(2024, 4, 1), closes_on=date(2024, 4, 1))
    client.force_login(world.admin)
    address = f"/register/check/{world.keep([(world.old, {'closed': MARCH_20, 'merged_into': world.new.code})])}/"
    page = client.get(address)
    assert "请写明原因（必填）" in page.content.decode()
    refused = client.post(address, {"seen": page.context["plan"].fingerprint, "reason": " "})
    assert refused.status_code == 409
    assert "没有导入。这次变动会改变已结束季度的结果，请写明原因后再确认。" in refused.content.decode()
    stale = client.post(address, {"seen": "x", "reason": "批复迟到"}).content.decode()
    assert "批复迟到</textarea>" in stale


# --- The lines --------------------------------------------------------------------------------------------------


def test_the_lines_go_to_the_successor_from_the_day_on(world: Closing):
    world.merge()
    assert {clinic.reported_by for clinic in Institution.objects.filter(pk__in=[c.pk for c in world.clinics])} == {
        world.new
    }
    assert world.asked_about(world.new) == {world.new, *world.clinics}
    before = Q1 - 1
    assert world.asked_about(world.old, before) == {world.old, *world.clinics}
    assert world.asked_about(world.new, before) == {world.new}
    records = AuditRecord.objects.filter(action="register.hand_over")
    assert records.values_list("detail__to", flat=True)[0] == world.new.code
    assert records.count() == 3


def test_the_day_after_the_quarter_leaves_the_quarter_alone(world: Closing):
    world.merge(on=date(2024, 4, 1))
    assert world.return_of(world.old).is_owed
    assert world.asked_about(world.old) == {world.old, *world.clinics}
    assert world.asked_about(world.new, Q1 + 1) == {world.new, *world.clinics}


def test_without_a_successor_it_is_asked_who_reports(world: Closing):
    planned = world.preview((world.old, {"closed": MARCH_20}))
    assert [(found.place, found.text) for found in planned.problems] == [
        (
            "机构!J3",
            f"它还替 3 家机构填报（{world.clinics[0]}等），停业后没有人替它们报。请填并入机构代码；"
            "或在这些机构的行里改填报单位代码，并填变动日期。",
        )
    ]


def test_without_a_successor_the_rows_of_the_clinics_may_say_it(world: Closing):
    rows = [(clinic, {"reported_by": world.new.code}) for clinic in world.clinics]
    world.do((world.old, {"closed": MARCH_20}), *rows)
    assert world.asked_about(world.new) == {world.new, *world.clinics}
    assert world.asked_about(world.old, Q1 - 1) == {world.old, *world.clinics}


def test_clinics_that_close_with_it_need_nobody(world: Closing):
    rows = [(clinic, {"closed": MARCH_20}) for clinic in world.clinics]
    world.do((world.old, {"closed": MARCH_20}), *rows)
    assert {unit.closed for unit in [world.old, *world.clinics] if unit.refresh_from_db() is None} == {MARCH_20}
    assert not FormerReporter.objects.exists()


def test_a_merge_chain_is_followed(world: Closing):
    third = InstitutionFactory(region=world.scene.places.counties[0], name="第三卫生院")
    world.merge()
    world.do((world.new, {"closed": date(2024, 6, 30), "merged_into": third.code}))
    asked = [world.asked_about(unit, Q1 + n) for unit, n in ((world.old, -1), (world.new, 0), (third, 1))]
    assert asked == [{unit, *world.clinics} for unit in (world.old, world.new, third)]


def test_a_merger_told_late_follows_the_chain_too(world: Closing):
    third = InstitutionFactory(region=world.scene.places.counties[0], name="第三卫生院")
    world.do((world.new, {"closed": date(2024, 6, 30), "merged_into": third.code}))
    world.merge()
    assert world.asked_about(world.new) == {world.new, *world.clinics}
    assert world.asked_about(third, Q1 + 1) == {third, *world.clinics}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"closed": MARCH_20}, "“{code}”已于 2024-03-20 停业，不能并入。请填仍在开办的机构的代码。"),
        ({"opened": date(2024, 3, 21)}, "“{code}” 2024-03-21 才开业，不能在这之前并入。"),
    ],
)
def test_a_merger_into_a_unit_that_is_not_open_is_refused(world: Closing, fields, sentence):
    Institution.objects.filter(pk=world.new.pk).update(**fields)
    planned = world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code}))
    assert [found.text for found in planned.problems] == [sentence.format(code=world.new.code)]


def test_a_merger_into_its_own_clinic_is_refused(world: Closing):
    planned = world.preview((world.old, {"closed": MARCH_20, "merged_into": world.clinics[0].code}))
    assert [found.text for found in planned.problems] == [
        f"“{world.clinics[0].code}”由这家机构填报，不能并入它。请先把它改为自己填报。"
    ]


def test_nobody_is_handed_to_a_unit_that_is_closed(world: Closing):
    world.merge()
    planned = world.preview((world.clinics[0], {"reported_by": world.old.code, "moved_on": date(2024, 4, 1)}))
    assert [found.text for found in planned.problems] == [f"“{world.old.code}”已于 2024-03-20 停业，不能由它填报。"]


def test_nobody_new_is_entered_under_a_unit_that_is_closed(world: Closing):
    world.merge()
    clinic = replace(unit_row(world.clinics[0], administered_paths(world.admin)), row=3, code="N1", name="新村卫生室")
    rows = Roster(units=[replace(clinic, reported_by=world.old.code)])
    planned = enrolment.preview_kept_roster(enrolment.keep_roster(rows, world.admin), world.admin, LATER)
    assert planned is not None
    assert [found.text for found in planned.problems] == [f"“{world.old.code}”已于 2024-03-20 停业，不能由它填报。"]


def test_nobody_is_handed_to_a_unit_before_it_opens(world: Closing):
    Institution.objects.filter(pk=world.new.pk).update(opened=date(2024, 6, 1))
    changed = {"reported_by": world.new.code, "moved_on": date(2024, 3, 1)}
    planned = world.preview((world.clinics[0], changed))
    assert [found.text for found in planned.problems] == [
        f"“{world.new.code}” 2024-06-01 才开业，不能从 2024-03-01 起由它填报。"
    ]
    assert world.preview((world.clinics[0], changed | {"moved_on": date(2024, 6, 1)})).problems == []


def test_no_day_is_left_between_a_closing_and_a_hand_over(world: Closing):
    changed = {"reported_by": world.new.code, "moved_on": date(2024, 6, 1)}
    planned = world.preview((world.old, {"closed": MARCH_20}), *[(clinic, changed) for clinic in world.clinics])
    sentence = f"原填报单位“{world.old.code}”于 2024-03-20 停业，变动日期不能晚于这一天，否则中间没有人填报。"
    assert [found.text for found in planned.problems] == [sentence] * 3


@pytest.mark.parametrize("is_known", [True, False], ids=["closed before", "closed by the same workbook"])
def test_a_merger_into_a_unit_that_closes_later_without_successor_is_refused(world: Closing, is_known):
    """Its own lines are none yet, so that its closing alone asks for nobody."""
    closing_later = {"closed": date(2024, 5, 1)}
    if is_known:
        Institution.objects.filter(pk=world.new.pk).update(**closing_later)
    rows = [(world.old, {"closed": MARCH_20, "merged_into": world.new.code})]
    planned = world.preview(*rows, *([] if is_known else [(world.new, closing_later)]))
    assert [(found.place, found.text) for found in planned.problems] == [
        (
            "机构!J3",
            f"它替 3 家机构填报；“{world.new.code}”于 2024-05-01 停业后没有人替它们报。请填一直开办的机构。",
        )
    ]


def test_a_successor_whose_own_reporter_closed_before_is_followed_on(world: Closing):
    """Both are in one workbook: who reports for the successor is known once the earlier closing is done."""
    third = InstitutionFactory(region=world.old.region, name="第三医院")
    line = VillageClinicFactory(reported_by=world.new)
    world.do(
        (world.old, {"closed": MARCH_20, "merged_into": line.code}),
        (world.new, {"closed": date(2024, 3, 10), "merged_into": third.code}),
    )
    assert world.asked_about(third) == {third, line, *world.clinics}


def test_a_successor_that_was_closed_before_lines_were_handed_on_is_passed_over(world: Closing):
    third = InstitutionFactory(region=world.old.region, name="第三医院")
    line = VillageClinicFactory(reported_by=world.new)
    Institution.objects.filter(pk=world.new.pk).update(closed=date(2023, 3, 10), merged_into=third)
    world.do((world.old, {"closed": MARCH_20, "merged_into": line.code}))
    assert world.asked_about(third) == {third, *world.clinics}


# --- What is owed -----------------------------------------------------------------------------------------------


def test_what_lapsed_is_owed_nowhere(world: Closing):
    scene, county = world.scene, world.scene.places.counties[0]
    world.merge()
    old, today = world.return_of(world.old), OVERDUE.date()
    assert (old.has_lapsed, old.is_owed, old.is_editable) == (True, False, False)
    assert world.old not in {each.reporter for each in Submission.objects.owed().select_related("reporter")}
    assert world.old not in {each.submission.reporter for each in owed_below(county, Q1.ordinal)}
    assert old.pk not in {due.submission_id for dues in open_calls(today).values() for due in dues}
    assert world.old.pk not in by_unit(county, [Q1], today)
    shown = work_list(scene.reviewer, WorkListFilters(Q1), OVERDUE).shown
    assert world.old.code not in {each.code for each in shown}
    assert [row.has_lapsed for row in reporter_worklist(scene.reporter, OVERDUE)] == [True]
    with pytest.raises(RefusedError, match="不欠报，不需要催报"):
        reminders.chase(old, scene.reviewer, OVERDUE)
    person(Role.REPORTER, world.new)
    assert chaseable_returns(scene.reviewer).filter(pk=old.pk).exists()
    chased = reminders.chase_all(county, Q1, scene.reviewer, OVERDUE)
    assert (chased.returns, chased.people) == (1, 1)  # the successor's


@pytest.mark.parametrize(
    ("closed", "lapses"),
    [(Q1.first_day, True), (Q1.last_day, True), (Q1.last_day + timedelta(days=1), False), (None, False)],
)
@pytest.mark.parametrize("state", [each for each in SubmissionState if each != SubmissionState.APPROVED])
def test_the_rule_says_the_same_in_memory_and_in_the_database(world: Closing, closed, lapses, state):
    Institution.objects.filter(pk=world.old.pk).update(closed=closed)
    Submission.objects.filter(reporter=world.old).update(state=state)
    mine = Submission.objects.filter(reporter=world.old)
    expected = lapses and state == SubmissionState.DRAFT
    assert world.return_of(world.old).has_lapsed is expected
    assert (mine.lapsed().exists(), mine.standing().exists()) == (expected, not expected)
    assert mine.owed().exists() is world.return_of(world.old).is_owed


def test_judging_and_what_is_owed_end_on_the_same_day(world: Closing):
    """A unit that judging does not count owes nothing, and the other way round."""
    period = ReturnPeriod.objects.get(quarter=Q1.ordinal)
    for closed in (Q1.last_day, Q1.last_day + timedelta(days=1)):
        Institution.objects.filter(pk=world.old.pk).update(closed=closed)
        recompute.recompute_period(world.scene.plan, period, OVERDUE)
        counted = Attainment.objects.current().get(
            target__indicator__element=world.scene.visits, region=world.scene.places.city, quarter=Q1.ordinal
        )
        owing = Submission.objects.owed().filter(reporter__kind=InstitutionKind.TOWNSHIP_HOSPITAL, quarter=Q1.ordinal)
        assert counted.units == owing.count()


def test_a_draft_that_lapsed_can_be_read_and_not_written(world: Closing, client):
    scene = world.scene
    world.save()
    world.merge()
    assert world.asked_about(world.old) == {world.old, *world.clinics}
    with pytest.raises(RefusedError, match="停业，这一季度不再报送；原来填写的内容都还在，可以查看"):
        world.save(LATER)
    client.force_login(scene.reporter)
    page = client.get(f"/returns/{scene.submission.pk}/").content.decode()
    assert "已停业，不再报送" in page
    assert "原来填写的内容都还在下面，只能查看" in page
    assert "设备是否配齐" in page
    assert 'name="submit"' not in page
    assert "已停业，不再报送" in client.get("/returns/").content.decode()


def test_quarters_before_the_closing_are_still_owed(world: Closing):
    opening.open_quarter(Q1 - 1, MORNING)
    planned = world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code}))
    assert (world.old.name, "2023年第四季度", "停业以前的季度，仍要报送") in told(planned.effects, "returns")
    world.merge()
    assert world.return_of(world.old, Q1 - 1).is_owed


# --- What was handed in stays -----------------------------------------------------------------------------------


def test_a_return_under_review_is_still_approved_with_its_lines(world: Closing):
    scene = world.scene
    world.hand_in()
    planned = world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code}))
    returns = told(planned.effects, "returns")
    assert returns == [(world.old.name, "2024年第一季度", "待审核：照常审核，通过后流量数据保留，时点数不计")]
    assert [text for _, _, text in told(planned.effects, "lines")] == [
        f"从 2024-04-01 起由“新镇卫生院”填报（原由“{world.old}”填报）"
    ]
    world.merge()
    assert world.asked_about(world.new) == {world.new}
    assert world.asked_about(world.old) == {world.old, *world.clinics}
    scene.approve()
    assert Figure.objects.get(subject=world.old, element=scene.visits).value == 60
    assert Figure.objects.get(subject=scene.clinic, quarter=Q1.ordinal).value == 1
    assert world.asked_about(world.new, Q1 + 1) == {world.new, *world.clinics}


def test_one_that_is_sent_back_after_the_closing_is_still_owed(world: Closing):
    scene = world.scene
    world.hand_in()
    world.merge()
    reviews.send_back(scene.submission, "请核对", scene.reviewer, NOON)
    assert world.return_of(world.old).is_owed
    world.hand_in(LATER)
    assert world.return_of(world.old).state == SubmissionState.SUBMITTED


def test_one_under_review_is_not_withdrawn_after_the_closing(world: Closing):
    world.hand_in()
    world.merge()
    with pytest.raises(RefusedError, match="撤回后不能再提交"):
        submissions.withdraw(world.scene.submission, world.scene.reporter, LATER)


def test_a_successors_return_that_was_handed_in_is_named(world: Closing):
    Submission.objects.filter(reporter=world.new).update(state=SubmissionState.SUBMITTED)
    planned = world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code}))
    assert ("新镇卫生院", "2024年第一季度", "表内增加 3 家机构的填报项；报表已提交，要撤回或退回后补填") in told(
        planned.effects, "returns"
    )


# --- Undone -----------------------------------------------------------------------------------------------------


def test_a_closing_undone_brings_all_back(world: Closing):
    scene = world.scene
    world.save()
    world.merge()
    planned = world.preview((world.old, {"closed": None, "merged_into": ""}))
    assert (world.old.name, "2024年第一季度", "恢复报送，已填的草稿都在") in told(planned.effects, "returns")
    world.reopen()
    assert world.return_of(world.old).is_owed
    assert not FormerReporter.objects.exists()
    assert world.asked_about(world.old) == {world.old, *world.clinics}
    assert world.asked_about(world.new) == {world.new}
    assert submissions.submit(scene.submission, scene.reporter, LATER).state == SubmissionState.SUBMITTED


def test_a_line_that_went_on_since_stays_where_it_is(world: Closing):
    third = InstitutionFactory(region=world.scene.places.counties[0])
    world.merge()
    world.do((world.clinics[0], {"reported_by": third.code, "moved_on": date(2024, 4, 1)}))
    world.reopen()
    holders = [Institution.objects.get(pk=clinic.pk).reported_by for clinic in world.clinics]
    assert holders == [third, world.old, world.old]


def test_another_day_moves_the_lines_with_it(world: Closing):
    world.merge()
    world.merge(on=date(2024, 4, 2))
    assert {each.until for each in FormerReporter.objects.all()} == {date(2024, 4, 1)}
    assert world.return_of(world.old).is_owed


# --- Splitting and moving ---------------------------------------------------------------------------------------


def test_a_split_takes_its_clinics_from_its_day_on(world: Closing):
    split = [(clinic, {"reported_by": world.new.code, "moved_on": date(2024, 2, 1)}) for clinic in world.clinics[:2]]
    planned = world.preview(*split)
    assert told(planned.effects, "returns") == [
        (world.old.name, "2024年第一季度", "表内减少 2 家机构的填报项"),
        ("新镇卫生院", "2024年第一季度", "表内增加 2 家机构的填报项"),
    ]
    world.do(*split)
    assert world.asked_about(world.old) == {world.old, world.clinics[2]}
    assert world.asked_about(world.new) == {world.new, *world.clinics[:2]}
    assert world.asked_about(world.old, Q1 - 1) == {world.old, *world.clinics}


def test_a_change_of_reporter_has_its_day(world: Closing):
    planned = world.preview((world.clinics[0], {"reported_by": world.new.code}))
    assert [(found.place, found.text) for found in planned.problems] == [
        ("机构!M3", "填报单位有变动，请填变动日期：从这一天起由新的单位填报。一直就由它填报的，填开业日期。")
    ]


def test_what_was_always_so_leaves_no_history(world: Closing):
    clinic = world.clinics[0]
    world.do((clinic, {"reported_by": world.new.code, "moved_on": clinic.opened}))
    assert not FormerReporter.objects.exists()
    assert clinic in world.asked_about(world.new, Q1 - 1)


def test_a_unit_that_is_handed_lines_owes_a_return_for_them(world: Closing):
    station = InstitutionFactory(region=world.scene.places.counties[0], kind=InstitutionKind.CDC)
    assert not Submission.objects.filter(reporter=station).exists()
    planned = world.preview((world.clinics[0], {"reported_by": station.code, "moved_on": date(2024, 2, 1)}))
    assert (station.name, "2024年第一季度", "表内增加 1 家机构的填报项；没有这一季度的报表，将新开一张") in told(
        planned.effects, "returns"
    )
    world.do((world.clinics[0], {"reported_by": station.code, "moved_on": date(2024, 2, 1)}))
    assert world.return_of(station).is_owed


def test_a_move_to_another_county_changes_both_bases(world: Closing):
    places = world.scene.places
    world.admin = person(Role.SYSTEM_ADMIN, places.city)
    planned = world.preview((world.new, {"place": "乙县", "moved_on": MARCH_20}))
    texts = {about.split("：")[0]: text for about, _, text in told(planned.effects, "targets")}
    assert texts == {"甲县": "应报 2 家 → 1 家", "乙县": "应报 1 家 → 2 家"}


# --- A closed quarter -------------------------------------------------------------------------------------------


def test_a_closed_quarter_needs_a_reason_and_says_which_results_change(world: Closing):
    world.hand_in()
    world.scene.approve()
    ReturnPeriod.objects.update(closes_on=date(2024, 5, 15))
    june = datetime(2024, 6, 3, 9, tzinfo=SHANGHAI)
    change = (world.old, {"closed": MARCH_20, "merged_into": world.new.code})
    planned = world.preview(change, now=june)
    assert planned.needs_reason
    assert any("应报 2 家 → 1 家；结果 " in text for _, _, text in told(planned.effects, "targets"))
    with pytest.raises(NotConfirmedError, match="这次变动会改变已结束季度的结果，请写明原因后再确认"):
        world.do(change, now=june)
    world.old.refresh_from_db()
    assert world.old.closed is None
    world.do(change, now=june, reason="批复迟到")
    assert AuditRecord.objects.get(action="register.import").detail["reason"] == "批复迟到"


def test_an_open_quarter_needs_none(world: Closing):
    assert not world.preview((world.old, {"closed": MARCH_20, "merged_into": world.new.code})).needs_reason


# --- Results ----------------------------------------------------------------------------------------------------


def test_results_are_judged_anew_once_it_is_confirmed(world: Closing, queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        world.merge()
    assert queued() == [("reports.tasks.recompute_quarter", [Q1.ordinal])]


def test_a_line_is_waited_for_where_it_is_reported_now(world: Closing):
    """Pending while the successor's return is under review; the old one's says nothing about it any more."""
    world.merge()
    VillageClinicFactory(reported_by=world.old, region=RegionFactory(name="外县"))
    period = ReturnPeriod.objects.get(quarter=Q1.ordinal)
    recompute.recompute_period(world.scene.plan, period, LATER)
    counted = Attainment.objects.current().get(
        target__indicator__element=world.scene.equipped, region=world.scene.places.city, quarter=Q1.ordinal
    )
    assert (counted.units, counted.awaited) == (3, 3)
