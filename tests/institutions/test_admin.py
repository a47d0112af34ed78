"""The administration pages: for the system administrator alone, without figures, every change kept."""

from datetime import date

import pytest
from django.test import Client

from institutions.enums import InstitutionKind, Role
from institutions.models import AuditRecord, Institution, Membership, Region, User
from tests.factories import (
    InstitutionFactory,
    Kaifeng,
    MembershipFactory,
    UserFactory,
    kaifeng_like,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Kaifeng:
    return kaifeng_like()


@pytest.fixture
def admin(client: Client, city: Kaifeng) -> User:
    user = person(Role.SYSTEM_ADMIN, city.city, is_staff=True)
    client.force_login(user)
    return user


def test_only_accounts_places_register_audit_and_dates_are_offered(client: Client, admin: User):
    apps = client.get("/admin/").context["app_list"]
    offered = {model["object_name"] for app in apps for model in app["models"]}
    assert offered == {"User", "Membership", "Region", "Institution", "ReturnPeriod"}


@pytest.mark.parametrize("model", ["user", "membership", "region", "institution"])
def test_lists_open_for_the_administrator(client: Client, admin: User, model: str):
    assert client.get(f"/admin/institutions/{model}/").status_code == 200


def test_staff_without_the_post_change_nothing(client: Client, city: Kaifeng):
    client.force_login(person(Role.DIRECTOR, city.city, is_staff=True))
    assert client.get("/admin/institutions/user/").status_code == 403


def test_a_director_finds_no_administration(client: Client, city: Kaifeng):
    client.force_login(person(Role.DIRECTOR, city.city))
    assert client.get("/admin/", follow=True).status_code == 404


def test_a_new_region_gets_its_lineage(client: Client, admin: User, city: Kaifeng):
    fields = {"name": "新区", "level": "county", "kind": "zone", "parent": city.city.pk, "position": 9}
    client.post("/admin/institutions/region/add/", fields | {"valid_from": "2023-01-01"})
    region = Region.objects.get(name="新区")
    assert region.lineage == [*city.city.lineage, region.pk]


def test_an_appointed_administrator_may_come_in(client: Client, admin: User, city: Kaifeng):
    user = UserFactory()
    client.post(
        "/admin/institutions/membership/add/", {"user": user.pk, "role": Role.SYSTEM_ADMIN, "region": city.city.pk}
    )
    user.refresh_from_db()
    assert user.is_staff
    assert AuditRecord.objects.filter(action="member.appoint", by=admin, object_id=user.pk).exists()


def test_a_reporter_at_a_region_is_refused_with_a_sentence(client: Client, admin: User, city: Kaifeng):
    fields = {"user": UserFactory().pk, "role": Role.REPORTER, "region": city.city.pk}
    page = client.post("/admin/institutions/membership/add/", fields).content.decode()
    assert "填报员只选机构，不选行政区划。" in page


def test_taking_the_post_away_closes_the_door(client: Client, admin: User, city: Kaifeng):
    user = UserFactory(is_staff=True)
    post = MembershipFactory(user=user, role=Role.SYSTEM_ADMIN, region=city.city)
    client.post(f"/admin/institutions/membership/{post.pk}/delete/", {"post": "yes"})
    user.refresh_from_db()
    assert not user.is_staff
    assert list(Membership.objects.values_list("user", flat=True)) == [admin.pk]


def test_nothing_but_a_post_can_be_deleted(client: Client, admin: User, city: Kaifeng):
    assert client.get(f"/admin/institutions/region/{city.city.pk}/delete/").status_code == 403
    assert client.get(f"/admin/institutions/user/{admin.pk}/delete/").status_code == 403
    assert client.get(f"/admin/institutions/institution/{city.bureaus[0].pk}/delete/").status_code == 403


def test_the_audit_is_not_for_the_system_administrator(client: Client, admin: User, city: Kaifeng):
    kept = AuditRecord.objects.create(at="2024-01-01T00:00Z", action="login")
    assert client.get("/admin/institutions/auditrecord/").status_code == 404
    assert client.get(f"/admin/institutions/auditrecord/{kept.pk}/change/").status_code == 404


def test_a_change_in_the_register_is_kept(client: Client, admin: User, city: Kaifeng):
    unit = InstitutionFactory(region=city.counties[0])
    fields = {"code": unit.code, "name": "新名称", "kind": InstitutionKind.TOWNSHIP_HOSPITAL, "grade": "general"}
    fields |= {"ownership": "public", "region": city.counties[0].pk, "opened": "2000-01-01"}
    client.post(f"/admin/institutions/institution/{unit.pk}/change/", fields)
    kept = AuditRecord.objects.get(action="admin.change")
    assert (kept.by, kept.object_id, kept.detail["name"]) == (admin, unit.pk, "新名称")


def test_what_reaches_returns_is_changed_by_the_workbook_alone(client: Client, admin: User, city: Kaifeng):
    unit, other = city.hospitals[0]
    address = f"/admin/institutions/institution/{unit.pk}/change/"
    fields = {"code": unit.code, "name": "新名称", "kind": unit.kind, "grade": unit.grade, "ownership": "public"}
    fields |= {"opened": "2000-01-01", "closed": "2024-03-20", "merged_into": other.pk, "reported_by": other.pk}
    client.post(address, fields | {"region": city.city.pk})
    unit.refresh_from_db()
    assert (unit.name, unit.closed, unit.merged_into, unit.reported_by) == ("新名称", None, None, None)
    assert unit.region == city.counties[0]
    assert "请在“机构与人员”上传名册办理" in client.get(address).content.decode()


def test_a_superusers_account_is_out_of_reach(client: Client, admin: User):
    root = UserFactory(is_superuser=True)
    assert client.get(f"/admin/institutions/user/{root.pk}/password/").status_code == 404
    assert client.get(f"/admin/institutions/user/{root.pk}/change/").status_code == 302


def test_an_administrator_cannot_make_a_superuser(client: Client, admin: User):
    user = UserFactory()
    fields = {"username": user.username, "display_name": "李四", "is_active": "on", "is_superuser": "on"}
    client.post(f"/admin/institutions/user/{user.pk}/change/", fields)
    user.refresh_from_db()
    assert (user.display_name, user.is_superuser, user.is_staff) == ("李四", False, False)


# --- An administrator of one county -----------------------------------------------------------------------------


@pytest.fixture
def county_admin(client: Client, city: Kaifeng) -> User:
    user = person(Role.SYSTEM_ADMIN, city.counties[0], is_staff=True)
    client.force_login(user)
    return user


def test_another_county_is_out_of_reach(client: Client, county_admin: User, city: Kaifeng):
    theirs = person(Role.REVIEWER, city.counties[1])
    rows = [theirs, theirs.memberships.get(), city.counties[1], city.bureaus[1]]
    pages = [f"/admin/institutions/{row._meta.model_name}/{row.pk}/change/" for row in rows]
    assert [client.get(page)["Location"] for page in pages] == ["/admin/"] * 4
    assert client.get(f"/admin/institutions/user/{theirs.pk}/password/").status_code == 404


def test_the_lists_have_ones_own_rows_alone(client: Client, county_admin: User, city: Kaifeng):
    person(Role.REVIEWER, city.counties[1])
    lists = {model: client.get(f"/admin/institutions/{model}/").context["cl"] for model in ("user", "region")}
    assert [list(found.queryset) for found in lists.values()] == [[county_admin], [city.counties[0]]]


def test_no_post_is_given_elsewhere(client: Client, county_admin: User, city: Kaifeng):
    fields = {"user": UserFactory().pk, "role": Role.SYSTEM_ADMIN, "region": city.city.pk}
    assert client.post("/admin/institutions/membership/add/", fields).status_code == 200
    assert Membership.objects.count() == 1


def test_no_unit_is_taken_over_from_elsewhere(client: Client, county_admin: User, city: Kaifeng):
    fields = {"code": "N1", "name": "新院", "kind": "hospital", "ownership": "public", "opened": "2000-01-01"}
    client.post("/admin/institutions/institution/add/", fields | {"region": city.counties[1].pk})
    assert not Institution.objects.filter(code="N1").exists()


def test_a_place_without_a_parent_is_not_added(client: Client, county_admin: User, city: Kaifeng):
    fields = {"name": "新省", "level": "province", "kind": "province", "position": 9, "valid_from": "2023-01-01"}
    client.post("/admin/institutions/region/add/", fields)
    assert not Region.objects.filter(name="新省").exists()


def test_a_password_is_reset_on_its_own_page(client: Client, county_admin: User, city: Kaifeng):
    user = person(Role.REVIEWER, city.counties[0])
    page = client.get(f"/admin/institutions/user/{user.pk}/password/")
    assert page["Location"] == f"/register/people/{user.pk}/"


def test_an_account_opened_by_hand_must_change_its_password(client: Client, county_admin: User, city: Kaifeng):
    secret = {"usable_password": "true", "password1": "Bianhe-7788x", "password2": "Bianhe-7788x"}
    client.post("/admin/institutions/user/add/", {"username": "lisi", "display_name": "李四"} | secret)
    assert User.objects.get(username="lisi").must_change_password


def test_an_account_is_renamed_to_a_plain_name_alone(client: Client, admin: User, city: Kaifeng):
    user = person(Role.REVIEWER, city.counties[0])
    address = f"/admin/institutions/user/{user.pk}/change/"
    refused = client.post(address, {"username": "张三", "display_name": "张三"})
    assert "不用汉字" in refused.content.decode()
    client.post(address, {"username": "Ｑixian–H01", "display_name": "张三"})
    user.refresh_from_db()
    assert user.username == "qixian-h01"


def test_an_account_of_before_keeps_its_name(client: Client, admin: User, city: Kaifeng):
    user = person(Role.REVIEWER, city.counties[0], username="张三")
    client.post(f"/admin/institutions/user/{user.pk}/change/", {"username": "张三", "display_name": "张三丰"})
    user.refresh_from_db()
    assert (user.username, user.display_name) == ("张三", "张三丰")


def test_a_unit_does_not_open_after_it_closed(client: Client, admin: User, city: Kaifeng):
    unit = InstitutionFactory(region=city.counties[0], closed=date(2024, 3, 20))
    fields = {"code": unit.code, "name": unit.name, "kind": unit.kind, "ownership": "public", "opened": "2024-05-01"}
    page = client.post(f"/admin/institutions/institution/{unit.pk}/change/", fields | {"reason": "补登记"})
    assert "停业日期早于开业日期 2024-05-01。" in page.content.decode()
