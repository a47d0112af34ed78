"""The register by workbook: planned, shown, confirmed; all or nothing, and only in one's own regions."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from openpyxl import Workbook

from institutions import preview, roster
from institutions.actions import enrolment
from institutions.actions.enrolment import NotConfirmedError, Slip
from institutions.enums import Role
from institutions.models import AuditRecord, Institution, Membership, User
from institutions.preview import RegisterPreview
from tests.factories import InstitutionFactory, Kaifeng, MembershipFactory, RegionFactory, kaifeng_like, person
from tests.institutions.helpers import NOW
from tests.institutions.rosters import NEW_YEAR, person_row, read_back, unit, workbook

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """The administrator of 甲县, at the city where 乙县 is the outsider's."""

    city: Kaifeng
    admin: User

    def plan(self, book: Workbook, by: User | None = None) -> RegisterPreview:
        return preview.preview_register(read_back(book), by or self.admin, NOW.date())

    def problems(self, *rows: dict[str, Any]) -> list[tuple[str, str]]:
        units, people = [row for row in rows if "code" in row], [row for row in rows if "username" in row]
        return [(found.place, found.text) for found in self.plan(workbook(units, people)).problems]

    def do(self, *rows: dict[str, Any]) -> list[Slip]:
        units, people = [row for row in rows if "code" in row], [row for row in rows if "username" in row]
        token = enrolment.keep_roster(read_back(workbook(units, people)), self.admin)
        return self.confirm(token)

    def confirm(self, token: str) -> list[Slip]:
        planned = enrolment.preview_kept_roster(token, self.admin, NOW)
        assert planned is not None
        assert planned.problems == []
        return enrolment.confirm(token, seen=planned.fingerprint, by=self.admin, now=NOW)

    def as_it_stands(self) -> Workbook:
        return roster.draw_roster(*preview.register_rows(self.admin))


@pytest.fixture
def desk() -> Desk:
    cache.clear()
    city = kaifeng_like()
    return Desk(city, person(Role.SYSTEM_ADMIN, city.counties[0], username="admin", is_staff=True))


def changes(plan: RegisterPreview) -> list[list[tuple[str, str, str]]]:
    steps = [*plan.units, *plan.people]
    return [[(change.head, change.before, change.after) for change in step.changes] for step in steps]


# --- The round trip ---------------------------------------------------------------------------------------------


def test_the_register_as_downloaded_changes_nothing(desk: Desk):
    hospital, other = desk.city.hospitals[0]
    Institution.objects.filter(pk=other.pk).update(closed=NEW_YEAR, merged_into=hospital, contact_name="=甲")
    InstitutionFactory(region=RegionFactory(name="大营镇", parent=desk.city.counties[0]), reported_by=hospital)
    MembershipFactory(user=person(Role.REVIEWER, desk.city.counties[0], email="a@example.org"), institution=hospital)
    person(Role.REPORTER, hospital, is_active=False)
    planned = desk.plan(desk.as_it_stands())
    assert (planned.problems, planned.does_something) == ([], False)
    assert (len(planned.units), len(planned.people)) == (4, 3)


def test_the_empty_template_does_nothing(desk: Desk):
    planned = desk.plan(roster.draw_roster([], [], ["甲县"]))
    assert (planned.problems, planned.does_something) == ([], False)


def test_downloading_takes_the_same_queries_for_many(desk: Desk, django_assert_num_queries: Any):
    for expected in (6, 6):
        with django_assert_num_queries(expected):
            preview.register_rows(desk.admin)
        for _ in range(3):
            person(Role.REPORTER, InstitutionFactory(region=desk.city.counties[0]))


# --- Units ------------------------------------------------------------------------------------------------------


def test_new_units_are_entered_whatever_their_order(desk: Desk):
    desk.do(unit(code="V1", name="新村卫生室", kind="村卫生室", grade="", reported_by="N1"), unit(contact_name="王五"))
    clinic, hospital = Institution.objects.get(code="V1"), Institution.objects.get(code="N1")
    assert (clinic.reported_by, clinic.parent, clinic.region) == (hospital, hospital, desk.city.counties[0])
    assert (hospital.contact_name, hospital.opened, hospital.ownership) == ("王五", date(2000, 1, 1), "public")
    assert not hospital.is_sample


def test_a_known_code_is_changed_and_only_what_differs_is_shown(desk: Desk):
    known = desk.city.hospitals[0][1]
    row = unit(code=known.code, name="改名卫生院")
    assert changes(desk.plan(workbook([row]))) == [[("名称", known.name, "改名卫生院")]]
    desk.do(row)
    known.refresh_from_db()
    assert known.name == "改名卫生院"
    assert AuditRecord.objects.get(action="register.revise").by == desk.admin


def test_a_blank_takes_away(desk: Desk):
    known = InstitutionFactory(region=desk.city.counties[0], closed=NEW_YEAR, contact_name="王五")
    desk.do(unit(code=known.code))
    known.refresh_from_db()
    assert (known.closed, known.contact_name) == (None, "")


def test_a_move_has_its_day(desk: Desk):
    town = RegionFactory(name="大营镇", level="township", kind="town", parent=desk.city.counties[0])
    known = desk.city.hospitals[0][1]
    row = unit(code=known.code, name=known.name, place="大营镇")
    assert desk.problems(row) == [("机构!M3", "行政区划有变动，请填变动日期：从这一天起归新的地方。")]
    assert desk.problems(row | {"moved_on": known.opened}) == [
        ("机构!M3", "变动日期应当晚于 2000-01-01（开业或上次变动）。")
    ]
    desk.do(row | {"moved_on": NEW_YEAR})
    known.refresh_from_db()
    assert known.region == town
    assert [(past.region, past.until) for past in known.placements.all()] == [
        (desk.city.counties[0], NEW_YEAR - timedelta(days=1))
    ]


def test_the_outsiders_unit_is_out_of_reach(desk: Desk):
    theirs = desk.city.hospitals[1][0]
    assert desk.problems(unit(code=theirs.code)) == [("机构!A3", "这个代码是别的地区的机构，不能改动。")]


@pytest.mark.parametrize("place", ["乙县", "某市", "某市/甲县", "甲县/某镇"])
def test_a_place_outside_is_unknown(desk: Desk, place: str):
    assert desk.problems(unit(place=place)) == [("机构!F3", f"“{place}”不在您管理的地区里。请照“行政区划”表填写。")]


def test_an_unknown_or_foreign_reporter_is_refused(desk: Desk):
    theirs = desk.city.hospitals[1][0].code
    assert desk.problems(unit(reported_by="nobody"), unit(code="N2", reported_by=theirs)) == [
        ("机构!G3", "您管理的地区里没有代码为“NOBODY”的机构。"),
        ("机构!G4", f"您管理的地区里没有代码为“{theirs}”的机构。"),
    ]


def test_a_reporter_answers_for_itself(desk: Desk):
    hospital, other = desk.city.hospitals[0]
    clinic = InstitutionFactory(region=desk.city.counties[0], reported_by=hospital)
    assert desk.problems(unit(reported_by=clinic.code)) == [
        ("机构!G3", f"“{clinic.code}”自己由别的机构填报，不能再替它填报。")
    ]
    assert desk.problems(unit(code=hospital.code, reported_by=other.code, moved_on=NEW_YEAR)) == [
        ("机构!G3", "这家机构还替别的机构填报，不能改由别人填报。")
    ]


def test_nothing_closes_before_it_opened(desk: Desk):
    known = InstitutionFactory(region=desk.city.counties[0], opened=NEW_YEAR)
    assert desk.problems(unit(code=known.code, closed="2023-01-01")) == [
        ("机构!I3", "停业日期早于开业日期 2024-01-01。")
    ]


def test_an_administrator_of_two_counties_names_the_county_first(desk: Desk):
    MembershipFactory(user=desk.admin, role=Role.SYSTEM_ADMIN, region=desk.city.counties[1])
    RegionFactory(name="大营镇", parent=desk.city.counties[1])
    assert [row[0] for row in desk.as_it_stands()["行政区划"].iter_rows(min_row=2, values_only=True)] == [
        "乙县",
        "乙县/大营镇",
        "甲县",
    ]


# --- People -----------------------------------------------------------------------------------------------------


def test_a_new_person_has_a_password_of_their_own_and_must_change_it(desk: Desk):
    slips = desk.do(person_row(phone="138", email="lisi@example.org"), person_row(username="wangwu"))
    lisi = User.objects.get(username="lisi")
    assert [slip[:2] for slip in slips] == [("lisi", "李四"), ("wangwu", "李四")]
    assert (lisi.phone, lisi.email, lisi.must_change_password) == ("138", "lisi@example.org", True)
    assert lisi.check_password(slips[0][2])
    assert slips[0][2] != slips[1][2]
    assert lisi.memberships.get().region == desk.city.counties[0]


def test_a_reporter_of_a_unit_that_is_new_too(desk: Desk):
    desk.do(unit(), person_row(role="填报员", at="N1"))
    assert Membership.objects.get(user__username="lisi").institution == Institution.objects.get(code="N1")


def test_the_rows_of_a_person_are_all_their_posts(desk: Desk):
    hospital = desk.city.hospitals[0][0]
    lisi = person(Role.DIRECTOR, desk.city.counties[0], username="lisi", display_name="李四")
    rows = [person_row(), person_row(role="填报员", at=hospital.code)]
    assert changes(desk.plan(workbook(people=rows))) == [
        [("岗位", "", "审核员 甲县"), ("岗位", "", f"填报员 {hospital.code}"), ("岗位", "局领导 甲县", "")]
    ]
    assert desk.do(*rows) == []
    assert set(lisi.memberships.values_list("role", flat=True)) == {Role.REVIEWER, Role.REPORTER}


def test_an_account_is_closed_and_opened_again(desk: Desk):
    lisi = person(Role.REVIEWER, desk.city.counties[0], username="lisi", display_name="李四")
    desk.do(person_row(closed="是"))
    lisi.refresh_from_db()
    assert not lisi.is_active
    desk.do(person_row())
    lisi.refresh_from_db()
    assert lisi.is_active


@pytest.mark.parametrize("also_here", [True, False])
def test_whoever_has_a_post_elsewhere_is_out_of_reach(desk: Desk, also_here: bool):
    lisi = person(Role.REVIEWER, desk.city.counties[1], username="lisi")
    if also_here:
        MembershipFactory(user=lisi, role=Role.REVIEWER, region=desk.city.counties[0])
    assert desk.problems(person_row()) == [("人员!A3", "这个用户名已有人用，而且不归您管理。请换一个用户名。")]


def test_posts_outside_are_not_given(desk: Desk):
    theirs = desk.city.hospitals[1][0].code
    assert desk.problems(person_row(at="乙县"), person_row(username="wangwu", role="填报员", at=theirs)) == [
        ("人员!F3", "“乙县”不在您管理的地区里。请照“行政区划”表填写。"),
        ("人员!F4", f"您管理的地区里没有代码为“{theirs}”的机构。填报员这里填机构代码。"),
    ]


def test_nobody_locks_themselves_out(desk: Desk):
    name = desk.admin.display_name
    assert desk.problems(person_row(username="admin", display_name=name, closed="是")) == [
        ("人员!E3", "不能撤销您自己的系统管理员岗位。"),
        ("人员!G3", "不能停用您自己的账号。"),
    ]


# --- All or nothing, once ---------------------------------------------------------------------------------------


def test_one_problem_and_nothing_is_done(desk: Desk):
    token = enrolment.keep_roster(read_back(workbook([unit(), unit(code="N2", place="乙县")])), desk.admin)
    planned = enrolment.preview_kept_roster(token, desk.admin, NOW)
    with pytest.raises(NotConfirmedError):
        enrolment.confirm(token, seen=planned.fingerprint if planned else "", by=desk.admin, now=NOW)
    assert not Institution.objects.filter(code="N1").exists()


def test_a_register_changed_since_it_was_shown_is_planned_again(desk: Desk):
    known = desk.city.hospitals[0][1]
    token = enrolment.keep_roster(read_back(workbook([unit(code=known.code)])), desk.admin)
    planned = enrolment.preview_kept_roster(token, desk.admin, NOW)
    Institution.objects.filter(pk=known.pk).update(name="别人刚改的")
    with pytest.raises(NotConfirmedError) as refused:
        enrolment.confirm(token, seen=planned.fingerprint if planned else "", by=desk.admin, now=NOW)
    assert str(refused.value) == "核对之后名册有了变动，没有导入。下面是重新核对的结果，请再确认一次。"
    assert len(desk.confirm(token)) == 0
    assert AuditRecord.objects.filter(action="register.import").count() == 1


def test_confirming_twice_makes_one_account_and_tells_the_same_password(desk: Desk):
    token = enrolment.keep_roster(read_back(workbook(people=[person_row()])), desk.admin)
    first = desk.confirm(token)
    assert enrolment.confirm(token, seen="", by=desk.admin, now=NOW) == first
    assert User.objects.filter(username="lisi").count() == 1


def test_two_uploads_of_one_file_make_one_account(desk: Desk):
    tokens = [enrolment.keep_roster(read_back(workbook(people=[person_row()])), desk.admin) for _ in range(2)]
    shown = enrolment.preview_kept_roster(tokens[1], desk.admin, NOW)
    desk.confirm(tokens[0])
    with pytest.raises(NotConfirmedError):
        enrolment.confirm(tokens[1], seen=shown.fingerprint if shown else "", by=desk.admin, now=NOW)


def test_an_upload_is_its_persons_alone(desk: Desk):
    token = enrolment.keep_roster(read_back(workbook([unit()])), desk.admin)
    assert enrolment.preview_kept_roster(token, person(Role.SYSTEM_ADMIN, desk.city.counties[0]), NOW) is None
