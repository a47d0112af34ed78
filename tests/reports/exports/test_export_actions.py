"""Giving the workbook out: who may, what is kept, what is recorded."""

from hashlib import sha256
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation
from openpyxl import load_workbook

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.errors import RefusedError
from reports.exports.actions import exports
from reports.judging import recompute
from reports.models import Attainment, Export, StaleParent
from targets.enums import PlanState
from tests.factories import approved, person
from tests.reports.exports.helpers import NOW, Q1, Scene, cell_at, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Scene:
    return scene()


def give_out(made, **changed):
    return exports.give_out(
        **{
            "plan": made.plan,
            "region": made.places.city,
            "quarter": Q1,
            "by": made.supervisor,
            "now": NOW,
            **changed,
        }
    )


def test_give_out_keeps_the_file_with_its_hash(made):
    kept = Export.objects.get(pk=give_out(made).pk)
    assert sha256(bytes(kept.content)).hexdigest() == kept.sha256
    assert kept.filename == "某市2023年第一季度迎检汇总表.xlsx"
    assert load_workbook(BytesIO(bytes(kept.content))).sheetnames[0] == "汇总表"


def test_give_out_is_audited(made):
    export = give_out(made)
    record = AuditRecord.objects.get(action="export.given_out")
    assert (record.by, record.object_id, record.detail["sha256"]) == (made.supervisor, export.pk, export.sha256)


def test_give_again_is_the_same_to_the_byte_though_the_figures_changed(made):
    export = give_out(made)
    Attainment.objects.filter(region=made.places.city).update(value=99)
    assert sha256(exports.give_again(export, made.supervisor, NOW)).hexdigest() == export.sha256
    assert AuditRecord.objects.filter(action="export.given_again", by=made.supervisor).count() == 1


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.REVIEWER, Role.PLAN_ADMIN, Role.SYSTEM_ADMIN])
def test_give_out_is_for_supervisors_alone(made, role):
    with pytest.raises(PermissionDenied):
        give_out(made, by=person(role, made.places.city))
    assert Export.objects.count() == 0


def test_supervisor_of_a_county_gets_the_county_and_not_the_city_or_another(made):
    own = person(Role.SUPERVISOR, made.places.counties[0])
    assert give_out(made, by=own, region=made.places.counties[0]).filename.startswith("甲县")
    for region in (made.places.city, made.places.counties[1]):
        with pytest.raises(PermissionDenied):
            give_out(made, by=own, region=region)


def test_give_again_to_another_county_is_denied(made):
    export = give_out(made)
    with pytest.raises(PermissionDenied):
        exports.give_again(export, person(Role.SUPERVISOR, made.places.counties[0]), NOW)


def test_give_out_of_a_quarter_not_opened_says_so(made):
    with pytest.raises(RefusedError, match="2023年第三季度尚未开始填报"):
        give_out(made, quarter=Q1 + 2)


def test_give_out_where_the_plan_does_not_judge_is_refused(made):
    made.plan.state = PlanState.DRAFT
    with pytest.raises(RefusedError, match="不考核某市"):
        give_out(made)


def test_give_out_rolls_up_what_still_waits(made):
    asked = made.signing.indicator
    submission = approved(made.places.hospitals[2][0], Q1, {asked.element: 980, asked.over: 980})
    recompute.refresh_after_returns([submission], NOW)
    book = load_workbook(BytesIO(bytes(give_out(made).content)))
    assert cell_at(book["汇总表"], "计数\n（分子/分母）", 工作任务="签约覆盖率").value == "1,080/2,000"
    assert StaleParent.objects.count() == 0


def test_workbook_is_chinese_whatever_the_language_of_the_page(made):
    with translation.override("en"):
        export = give_out(made)
    book = load_workbook(BytesIO(bytes(export.content)))
    assert (export.filename, book.sheetnames[-1]) == ("某市2023年第一季度迎检汇总表.xlsx", "填报情况")


def test_filename_leaves_out_what_a_file_name_may_not_hold(made):
    made.places.city.name = 'a/b:"c"'
    assert exports.export_filename(made.places.city, Q1) == "a_b__c_2023年第一季度迎检汇总表.xlsx"


@pytest.mark.django_db(transaction=True)
def test_workbook_is_read_at_one_moment():
    with exports.one_moment(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)


# --- manage.py export_summary -----------------------------------------------------------------------------------


@pytest.fixture
def code(made):
    made.places.city.code = "410200"
    made.places.city.save()
    return "410200"


def test_command_writes_the_file(made, code, tmp_path):
    out = tmp_path / "summary.xlsx"
    call_command("export_summary", code, "2023Q1", plan=made.plan.code, out=out)
    assert load_workbook(out).sheetnames[0] == "汇总表"
    assert (Export.objects.count(), AuditRecord.objects.filter(action="export.written").count()) == (0, 1)


def test_command_by_a_supervisor_is_kept(made, code, tmp_path):
    out = tmp_path / "summary.xlsx"
    call_command("export_summary", code, "2023Q1", plan=made.plan.code, out=out, by=made.supervisor.username)
    assert bytes(Export.objects.get().content) == out.read_bytes()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"quarter": "2023"}, "not a quarter"),
        ({"plan": "other"}, "no plan is called 'other'"),
        ({"region": "9"}, "no region is called '9'"),
        ({"by": "nobody"}, "no user is called 'nobody'"),
        ({"quarter": "2023Q3"}, "尚未开始填报"),
    ],
)
def test_command_says_what_is_wrong(made, code, tmp_path, changed, sentence):
    given = {"region": code, "quarter": "2023Q1", "plan": made.plan.code, "out": tmp_path / "x.xlsx"} | changed
    with pytest.raises(CommandError, match=sentence):
        call_command("export_summary", given.pop("region"), given.pop("quarter"), **given)
