"""Giving out the 迎检汇总表. What was given out is kept as it was, with its hash, and every handing out is audited."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from institutions import audit
from institutions.clock import SHANGHAI
from institutions.models import Region, User
from institutions.permissions import may_export
from institutions.queries import region_on
from reports.base.errors import RefusedError
from reports.exports.build import inspection_summary
from reports.exports.summary import summary_of
from reports.judging import recompute
from reports.models import Export, ReturnPeriod
from targets.enums import PlanState
from targets.models import Plan
from targets.periods import Quarter

LANGUAGE = "zh-hans"  # an official form is Chinese, whatever the language of the page


def give_out(plan: Plan, region: Region, quarter: Quarter, by: User, now: datetime) -> Export:
    """Make the workbook, keep it, and record who got it."""
    if not may_export(by, region):
        raise PermissionDenied
    region = region_on(region, quarter.last_day)
    period = period_to_export(plan, region, quarter)
    recompute.roll_up(plan, now)
    with one_moment():
        content = draw_workbook(plan, region, period, now)
        export = Export.objects.create(
            plan=plan,
            region=region,
            quarter=quarter.ordinal,
            made_at=now,
            made_by=by,
            filename=export_filename(region, quarter),
            content=content,
            sha256=sha256(content).hexdigest(),
        )
        audit.record("export.given_out", export, by, now, filename=export.filename, sha256=export.sha256)
    return export


@transaction.atomic
def give_again(export: Export, by: User, now: datetime) -> bytes:
    """The file as it was given out, byte for byte."""
    if not may_export(by, export.region):
        raise PermissionDenied
    audit.record("export.given_again", export, by, now, filename=export.filename, sha256=export.sha256)
    return bytes(export.content)


def period_to_export(plan: Plan, region: Region, quarter: Quarter) -> ReturnPeriod:
    judged = plan.issuer_id in region.lineage and region.level in plan.judged_levels
    if plan.state == PlanState.DRAFT or not judged:
        raise RefusedError(_("“%(plan)s”不考核%(region)s。") % {"plan": plan, "region": region})
    period = ReturnPeriod.objects.of_quarter(quarter).first()
    if period is None:
        raise RefusedError(_("%(quarter)s尚未开始填报，没有可汇总的数据。") % {"quarter": quarter.label})
    return period


def draw_workbook(plan: Plan, region: Region, period: ReturnPeriod, now: datetime) -> bytes:
    with translation.override(LANGUAGE):
        return inspection_summary(summary_of(plan, region, period, now.astimezone(SHANGHAI).date()))


def export_filename(region: Region, quarter: Quarter) -> str:
    """开封市2023年第四季度迎检汇总表.xlsx, without what a file name may not hold."""
    with translation.override(LANGUAGE):
        name = _("%(region)s%(quarter)s迎检汇总表") % {"region": region.name, "quarter": quarter.label}
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name) + ".xlsx"


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees one state of the data, so that no sheet can disagree with another.

    Inside somebody else's transaction it is too late to ask for that.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                # By default each query would see what was committed since the one before.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
