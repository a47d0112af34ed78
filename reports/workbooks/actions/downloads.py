"""Giving out workbooks to fill in; each giving out is on record."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import Region, User
from institutions.permissions import may_enter_for, may_report
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.models import Submission
from reports.returns.queries.submissions import return_row
from reports.workbooks.locks import explain_lock
from reports.workbooks.queries import (
    FilledReturn,
    load_filled_return,
    load_filled_returns,
    past_quarters,
    regions_entered_for,
    regions_read,
    units_entered_for,
    units_read,
)
from reports.workbooks.sheets import build
from targets.periods import Quarter


def give_return_workbook(submission: Submission, by: User, now: datetime) -> tuple[str, bytes]:
    """File name and content."""
    if not (may_report(by, submission.reporter) or may_enter_for(by, submission.reporter)):
        raise PermissionDenied
    filled = load_filled_return(submission)
    if filled is None:
        raise RefusedError(_("本季没有要填的数据项，不需要工作簿。"))
    if why := explain_lock(filled, Origin.OWN, now):
        raise RefusedError(why)
    audit.record("workbook.given_out", submission, by, now)
    return name_file(_("%s填报表"), filled.reporter.name, filled.quarter), build.build_return_workbook(filled)


def give_county_workbook(region: Region, quarter: Quarter, by: User, now: datetime) -> tuple[str, bytes]:
    """All units of the region. Who only supervises sees what was handed in, never a draft."""
    if not regions_read(by).filter(pk=region.pk).exists():
        raise PermissionDenied
    drafts = regions_entered_for(by).filter(pk=region.pk).exists()
    returns = load_filled_returns(units_read(by, region, quarter), quarter, drafts=drafts)
    if not any(filled.submission for filled in returns):
        raise RefusedError(_("%(quarter)s没有要填报的单位。") % {"quarter": quarter.label})
    states = {filled.reporter.pk: describe_state(filled, now) for filled in returns}
    audit.record("workbook.given_out", region, by, now, quarter=str(quarter), returns=len(returns))
    return name_file(_("%s汇总填报表"), region.name, quarter), build.build_county_workbook(region, returns, states)


def give_past_workbook(region: Region, quarters: Collection[Quarter], by: User, now: datetime) -> tuple[str, bytes]:
    """The chosen quarters' returns that were never handed in."""
    if not regions_entered_for(by).filter(pk=region.pk).exists():
        raise PermissionDenied
    chosen = [quarter for quarter in past_quarters(region, now) if quarter in quarters]
    returns = {quarter: load_never_handed_in(region, quarter, by) for quarter in chosen}
    if not any(returns.values()):
        raise RefusedError(_("所选季度没有需要补录的报表：或者不要求填报，或者都已提交过。"))
    names = [str(quarter) for quarter in chosen]
    audit.record("workbook.given_out", region, by, now, past=names)
    return name_file(_("%s历史季度补录表"), region.name), build.build_past_workbook(region, returns)


def load_never_handed_in(region: Region, quarter: Quarter, by: User) -> list[FilledReturn]:
    found = load_filled_returns(units_entered_for(by, region, quarter), quarter)
    return [filled for filled in found if not filled.was_handed_in]


def describe_state(filled: FilledReturn, now: datetime) -> str:
    """Why its cells are locked, in one word; "" where they are open."""
    if filled.submission is None:
        return _("未开放")
    if not explain_lock(filled, Origin.PAPER, now):
        return ""
    row = return_row(filled.submission, now)
    return _("已关账") if row.closed else row.state_word


def name_file(pattern: str, name: str, quarter: Quarter | None = None) -> str:
    """杞县2024年第一季度汇总填报表.xlsx, without what a file name may not hold."""
    full = pattern % f"{name}{quarter.in_chinese if quarter else ''}"
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in full) + ".xlsx"
