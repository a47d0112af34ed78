"""The numbers page of a plan and year: its fields, columns and rows, as kept or as typed. No queries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from django.utils.translation import gettext as _

from institutions import numerals
from institutions.models import Region
from targets.enums import PlanState
from targets.models import Milestone, Plan
from targets.outline import plain_number
from targets.periods import day_label


class ColumnKind(StrEnum):
    CONSTANT = "constant"
    QUOTA = "quota"
    ALLOTMENT = "allotment"


Change = Callable[["Field"], "Field"]


def official_column(code: str) -> str:
    """Constants and quotas: both are rows of `Constant`, told apart by their code."""
    return f"official-{code}"


def allotment_column(milestone_id: int) -> str:
    return f"allotment-{milestone_id}"


def assigned_row(milestone_id: int) -> str:
    return f"milestone-{milestone_id}"


def field_name(line: str, place: object) -> str:
    """The name of one field: a column's with a region's id or "source"; an assigned value's with its part."""
    return f"{line}.{place}"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. typed: what stands in it; kept: what is stored; error: the sentence beside it."""

    name: str
    kept: str = ""
    typed: str = ""
    error: str = ""

    @classmethod
    def of(cls, name: str, kept: str) -> "Field":
        return cls(name, kept, kept)

    @property
    def touched(self) -> bool:
        return self.typed.strip() != self.kept

    def filled(self, data: Mapping[str, str]) -> "Field":
        return replace(self, typed=data.get(self.name, self.typed))

    def refused(self, problems: Mapping[str, str]) -> "Field":
        return replace(self, error=problems.get(self.name, ""))


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A region's number. last_year: what serves until this year's is there. source: of the kept number.

    needed: results are made by it; else it is there for another plan, or only to be compared.
    """

    region: Region
    field: Field
    last_year: Decimal | None = None
    source: str = ""
    needed: bool = True

    @property
    def stale(self) -> bool:
        return self.needed and not self.field.kept and self.last_year is not None

    @property
    def last_year_text(self) -> str:
        return plain_number(self.last_year) if self.last_year is not None else ""


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """One number asked of the regions; a region that is not asked has no cell.

    code: of the constant or the quota's indicator, or the milestone's id. whole: the number of the issuer, to be
    entered; None where the whole is the milestone itself (`milestone`), or the issuer is the only region.
    source: one for the column; empty where the regions' differ.
    """

    kind: ColumnKind
    key: str
    code: str
    name: str
    detail: str
    unit: str
    places: int
    cells: tuple[NumberCell | None, ...]
    whole: NumberCell | None = None
    milestone: Decimal | None = None
    source: Field | None = None

    @property
    def asked(self) -> list[NumberCell]:
        return [cell for cell in self.cells if cell]

    @property
    def parts(self) -> list[NumberCell]:
        """What is added up: the regions asked of the lowest level; they stand last."""
        return [cell for cell in self.asked if cell.region.level == self.asked[-1].region.level]

    @property
    def used(self) -> list[NumberCell]:
        """The cells by which results are made."""
        return [cell for cell in (*self.asked, self.whole) if cell and cell.needed]

    @property
    def fields(self) -> list[Field]:
        return [cell.field for cell in self.asked] + ([self.whole.field] if self.whole else [])

    def number(self, entry: Field) -> Decimal | None:
        """What stands in a field, where it is a number."""
        try:
            return numerals.read_number(entry.typed, self.unit)
        except numerals.UnreadableNumberError:
            return None

    @property
    def values(self) -> list[Decimal]:
        return [value for cell in self.parts if (value := self.number(cell.field)) is not None]

    @property
    def missing(self) -> int:
        return sum(self.number(cell.field) is None for cell in self.used)

    @property
    def sum_text(self) -> str:
        return plain_number(sum(self.values, Decimal(0))) if self.values else "—"

    @property
    def whole_value(self) -> Decimal | None:
        return self.number(self.whole.field) if self.whole else self.milestone

    @property
    def whole_text(self) -> str:
        return plain_number(self.whole_value) if self.whole_value is not None else _("待下达")

    @property
    def short(self) -> Decimal:
        """What the parts lack to the whole; below zero where they are more."""
        whole = self.whole_value
        return Decimal(0) if whole is None else whole - sum(self.values, Decimal(0))

    @property
    def uneven(self) -> bool:
        """Something is entered, and it does not add up."""
        return bool(self.values) and self.short != 0

    @property
    def check_text(self) -> str:
        """已分足; 差 120（2 个未填）; 多 30; nothing to compare with: —."""
        if self.whole_value is None and self.asked:
            return "—"
        if not self.asked:
            return _("尚未录入") if self.missing else _("直接采用")
        if not self.values:
            return _("尚未录入") if self.source else _("尚未分解")
        if self.short == 0:
            return _("相符") if self.kind == ColumnKind.CONSTANT else _("已分足")
        word = _("差 %s") if self.short > 0 else _("多 %s")
        empty = len(self.parts) - len(self.values)
        return word % plain_number(abs(self.short)) + (_("（%d 个未填）") % empty if empty else "")


@dataclass(frozen=True, slots=True)
class AssignedRow:
    """A milestone whose value comes from above (目标值待下达), to be entered once.

    document: what it came with. by, at: who entered it and when, where it is there.
    """

    milestone: Milestone
    name: str
    unit: str
    value: Field
    document: Field
    by: str = ""
    at: str = ""

    @property
    def entered(self) -> bool:
        return self.milestone.value is not None

    @property
    def value_text(self) -> str:
        return plain_number(self.milestone.value) if self.milestone.value is not None else ""

    @property
    def due_text(self) -> str:
        return day_label(self.milestone.due)


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """regions: the rows; the cells of each column run in step with them."""

    plan: Plan
    year: int
    years: tuple[int, ...]
    regions: tuple[Region, ...]
    columns: tuple[NumberColumn, ...]
    assigned: tuple[AssignedRow, ...]

    @property
    def editable(self) -> bool:
        return self.plan.state != PlanState.CLOSED

    @property
    def rows(self) -> list[tuple[Region, list[NumberCell | None]]]:
        return [(region, [column.cells[n] for column in self.columns]) for n, region in enumerate(self.regions)]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """The heads over the columns: kind in words, and how many columns."""
        words = {
            ColumnKind.CONSTANT: _("基础数据"),
            ColumnKind.QUOTA: _("下达任务数"),
            ColumnKind.ALLOTMENT: _("逐级分解的目标"),
        }
        counts = {kind: sum(column.kind == kind for column in self.columns) for kind in ColumnKind}
        return [(words[kind], count) for kind, count in counts.items() if count]

    @property
    def missing(self) -> int:
        """Official numbers and assigned values that are not there."""
        official_ones = sum(column.missing for column in self.columns if column.kind != ColumnKind.ALLOTMENT)
        return official_ones + sum(not each.entered for each in self.assigned)

    @property
    def uneven(self) -> int:
        return sum(column.uneven for column in self.columns)

    @property
    def undivided(self) -> int:
        """Quantities of which no region has got a part."""
        return sum(column.kind == ColumnKind.ALLOTMENT and not column.values for column in self.columns)

    @property
    def stale(self) -> int:
        return sum(cell.stale for column in self.columns for cell in column.used)

    @property
    def fields(self) -> list[Field]:
        of_columns = [entry for column in self.columns for entry in (*column.fields, column.source) if entry]
        return of_columns + [entry for each in self.assigned for entry in (each.value, each.document)]

    @property
    def errors(self) -> list[Field]:
        return [entry for entry in self.fields if entry.error]

    @property
    def token(self) -> str:
        """Names what is kept: a form that was opened on something else must not overwrite it."""
        kept = "|".join(f"{entry.name}={entry.kept}" for entry in self.fields)
        return sha256(kept.encode()).hexdigest()[:16]

    def filled(self, data: Mapping[str, str]) -> "NumbersPage":
        """The page with what was typed in its fields."""
        return self.each_field(lambda entry: entry.filled(data))

    def refused(self, problems: Mapping[str, str]) -> "NumbersPage":
        """The page with the sentences beside its fields."""
        return self.each_field(lambda entry: entry.refused(problems))

    def each_field(self, change: Change) -> "NumbersPage":
        return replace(
            self,
            columns=tuple(changed_column(column, change) for column in self.columns),
            assigned=tuple(
                replace(each, value=change(each.value), document=change(each.document)) for each in self.assigned
            ),
        )


def changed_column(column: NumberColumn, change: Change) -> NumberColumn:
    def changed(cell: NumberCell) -> NumberCell:
        return replace(cell, field=change(cell.field))

    return replace(
        column,
        cells=tuple(changed(cell) if cell else None for cell in column.cells),
        whole=changed(column.whole) if column.whole else None,
        source=change(column.source) if column.source else None,
    )
