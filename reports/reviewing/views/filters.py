"""What the address of a reviewer's page says: ?quarter=2024Q1&state=submitted&findings=some. Unknown words are none."""

from dataclasses import asdict, dataclass, fields
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from institutions.enums import InstitutionKind
from reports.base.enums import Origin, SubmissionState
from reports.returns.lateness import Lateness
from reports.reviewing.queries.work_list import ENTERED_FOR, LATE, NONE, ON_TIME, SOME, SORTS, WorkList, WorkListFilters
from reports.scope.selectors import Choice
from targets.periods import Quarter

NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class FilterSelect:
    name: str
    label: str
    choices: list[Choice]


def read_filters(address: QueryDict, quarters: list[Quarter]) -> WorkListFilters:
    """The newest quarter, unless said; `quarters` is not empty."""
    wanted = [quarter for quarter in quarters if str(quarter) == address.get("quarter", "")]
    known = {
        "state": SubmissionState.values,
        "late": late_words(),
        "findings": findings_words(),
        "change": change_words(),
        "origin": origin_words(),
        "kind": InstitutionKind.values,
        "sort": SORTS,
    }
    words = {name: value for name, values in known.items() if (value := address.get(name, "")) in values}
    place, name = address.get("place", ""), address.get("q", "").strip()[:NAME_LENGTH]
    return WorkListFilters((wanted or quarters)[0], **words, place=place if place.isdecimal() else "", q=name)


def address_of(filters: WorkListFilters, **other: str) -> str:
    """The filters as an address, without the empty ones."""
    words = asdict(filters) | {"quarter": str(filters.quarter)} | other
    return "?" + urlencode({name: value for name, value in words.items() if value})


def kept_filters(filters: WorkListFilters, *but: str) -> list[tuple[str, str]]:
    """Filters that a form of the page must not lose."""
    return [(each.name, str(getattr(filters, each.name))) for each in fields(filters) if each.name not in but]


def filter_selects(filters: WorkListFilters, found: WorkList) -> list[FilterSelect]:
    places = {str(place.id): place.name for place in found.places}
    kinds = {kind: str(InstitutionKind(kind).label) for kind in found.kinds}
    offered = [
        ("late", _("时效"), late_words()),
        ("findings", _("待核实"), findings_words()),
        ("change", _("最大变化"), change_words()),
        ("origin", _("填报方式"), origin_words()),
        ("kind", _("机构类别"), kinds if len(kinds) > 1 else {}),
        ("place", _("地区"), places if len(places) > 1 else {}),
    ]
    return [filter_select(name, label, words, getattr(filters, name)) for name, label, words in offered if words]


def filter_select(name: str, label: str, words: dict[str, str], value: str) -> FilterSelect:
    choices = [Choice("", _("全部")), *(Choice(word, text) for word, text in words.items())]
    return FilterSelect(name, label, [Choice(each.value, each.label, each.value == value) for each in choices])


def late_words() -> dict[str, str]:
    return {
        ON_TIME: _("按时提交"),
        LATE: _("补报"),
        Lateness.OVERDUE: str(Lateness.OVERDUE.label),
        Lateness.LATE_PENDING: str(Lateness.LATE_PENDING.label),
        Lateness.REVIEW_OVERDUE: str(Lateness.REVIEW_OVERDUE.label),
    }


def findings_words() -> dict[str, str]:
    return {SOME: _("有待核实项"), NONE: _("没有待核实项")}


def change_words() -> dict[str, str]:
    return {"30": "≥ 30%", "50": "≥ 50%", "100": "≥ 100%"}


def origin_words() -> dict[str, str]:
    return {ENTERED_FOR: _("代报"), Origin.BACKFILL: str(Origin.BACKFILL.label)}
