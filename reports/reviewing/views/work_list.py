"""The work list of the 审核员."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from institutions import clock
from institutions.permissions import reviewable_institutions
from institutions.requests import PersonRequest
from reports.base.enums import OWED, SubmissionState
from reports.returns.queries.submissions import review_quarters
from reports.reviewing.queries.work_list import (
    ORDER,
    ListedReturn,
    WorkList,
    WorkListFilters,
    WorkRow,
    work_list,
    work_rows,
)
from reports.reviewing.views.filters import FilterSelect, address_of, filter_selects, kept_filters, read_filters
from targets.periods import Quarter

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class StateTab:
    label: str
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class SortHead:
    """A column that can be sorted by."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class ListPage:
    filters: WorkListFilters
    quarters: list[Quarter]
    found: WorkList
    page: Page[ListedReturn]
    rows: list[WorkRow]

    @property
    def tabs(self) -> list[StateTab]:
        """The counts of what the other filters let through; each is also a filter."""
        counts = self.found.counts
        entries = [("", _("全部"), self.total)]
        entries += [(state.value, str(state.label), counts[state.value]) for state in ORDER]
        current = self.filters.state
        return [StateTab(label, count, self.address(state=key), key == current) for key, label, count in entries]

    @property
    def heads(self) -> dict[str, SortHead]:
        labels = {
            "unit": _("单位"),
            "submitted": _("提交"),
            "findings": _("待核实"),
            "change": _("最大变化"),
            "due": _("截止"),
        }
        current = self.filters.sort
        return {
            name: SortHead(label, self.address(sort="" if name == current else name), name == current)
            for name, label in labels.items()
        }

    @property
    def selects(self) -> list[FilterSelect]:
        return filter_selects(self.filters, self.found)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of the filters does not ask."""
        return [
            (name, value) for name, value in kept_filters(self.filters, "quarter", "q") if name in ("state", "sort")
        ]

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in kept_filters(self.filters, "quarter", "state", "sort"))

    @property
    def query(self) -> str:
        """What a return of the list carries, so that its neighbours are those of the list."""
        return address_of(self.filters)

    @property
    def total(self) -> int:
        return self.found.counts.total()

    @property
    def waiting(self) -> int:
        return self.found.counts[SubmissionState.SUBMITTED]

    @property
    def owing(self) -> int:
        return sum(self.found.counts[state] for state in OWED)

    @property
    def clear(self) -> int:
        """Under review and handed in without a finding: what can be approved in one step."""
        return sum(each.state == SubmissionState.SUBMITTED and each.findings == 0 for each in self.found.shown)

    def address(self, **other: str) -> str:
        return address_of(self.filters, **other)


@login_required
@require_GET
def review_list(request: PersonRequest) -> HttpResponse:
    quarters = review_quarters(request.user)
    if not quarters and not reviewable_institutions(request.user).exists():
        raise Http404
    page = list_page(request, quarters) if quarters else None
    return render(request, "reports/reviewing/list.html", {"list": page})


def list_page(request: PersonRequest, quarters: list[Quarter]) -> ListPage:
    filters, now = read_filters(request.GET, quarters), clock.now()
    found = work_list(request.user, filters, now)
    page = Paginator(found.shown, PAGE_LENGTH).get_page(request.GET.get("page"))
    return ListPage(filters, quarters, found, page, work_rows(list(page.object_list), filters.quarter, now))
