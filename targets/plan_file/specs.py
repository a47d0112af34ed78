"""What a plan file says, as values. Pure; `Located.line` finds the line of a key for a problem's sentence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from targets.enums import IndicatorKind

NO_DAY = date.min  # stands for a day that could not be read; its problem is already noted
QUALITATIVE_LEVELS = ("未完成", "基本完成", "全部完成")


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """What is wrong in a plan file, as a sentence, and the line it is on (from 1)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.message}"


@dataclass(frozen=True, kw_only=True)
class Located:
    """A mapping of the file. `lines` holds its own first line under "" and the line of each of its keys."""

    lines: Mapping[str, int] = field(compare=False, repr=False)

    def line(self, key: str = "") -> int:
        return self.lines.get(key, self.lines[""])


@dataclass(frozen=True, kw_only=True)
class ScopeSpec(Located):
    kinds: tuple[str, ...]
    grades: tuple[str, ...] = ()
    ownerships: tuple[str, ...] = ()
    bureau_level: str = ""

    def within(self, asked: "ScopeSpec") -> bool:
        """Whether every unit of this scope is also one of `asked`."""
        return (
            set(self.kinds) <= set(asked.kinds)
            and narrows_list(self.grades, asked.grades)
            and narrows_list(self.ownerships, asked.ownerships)
            and (not asked.bureau_level or self.bureau_level == asked.bureau_level)
        )


def can_meet(scopes: Iterable[ScopeSpec]) -> bool:
    """Whether one unit can be in all of the scopes."""
    scopes = list(scopes)
    levels = {scope.bureau_level for scope in scopes if scope.bureau_level}
    return (
        len(levels) <= 1
        and lists_overlap(scope.kinds for scope in scopes)
        and lists_overlap(scope.grades for scope in scopes)
        and lists_overlap(scope.ownerships for scope in scopes)
    )


def lists_overlap(lists: Iterable[tuple[str, ...]]) -> bool:
    limits = [set(each) for each in lists if each]
    return not limits or bool(set.intersection(*limits))


def narrows_list(chosen: tuple[str, ...], allowed: tuple[str, ...]) -> bool:
    return not allowed or (bool(chosen) and set(chosen) <= set(allowed))


@dataclass(frozen=True, kw_only=True)
class ElementSpec(Located):
    code: str
    name: str
    definition: str
    topic: str
    type: str
    accumulates: str
    asked_of: ScopeSpec
    unit: str = ""
    places: int = 0
    levels: tuple[str, ...] = ()
    allow_na: bool = False
    part_of: str = ""


@dataclass(frozen=True, kw_only=True)
class ConditionSpec(Located):
    """(element, or element / over) `operator` (value, or `against`); `by_class` replaces the value for some units."""

    operator: str
    value: Decimal | None = None
    by_class: tuple[tuple[str, Decimal], ...] = ()
    over: str = ""
    against: str = ""


@dataclass(frozen=True, kw_only=True)
class DivisorSpec(Located):
    """What a ratio divides by: `kind` is a `Denominator`."""

    kind: str
    element: str = ""
    constant: str = ""


@dataclass(frozen=True, kw_only=True)
class IndicatorSpec(Located):
    code: str
    name: str
    definition: str
    kind: str
    element: str
    denominator: DivisorSpec | None = None
    condition: ConditionSpec | None = None
    multiplier: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    unit: str = ""
    places: int = 0

    def elements(self) -> Iterator[tuple[str, int]]:
        """Code and line of each element that the formula names."""
        yield self.element, self.line("element")
        if self.denominator and self.denominator.element:
            yield self.denominator.element, self.denominator.line("element")
        if self.condition and self.condition.over:
            yield self.condition.over, self.condition.line("over")
        if self.condition and self.condition.against:
            yield self.condition.against, self.condition.line("against")


@dataclass(frozen=True, kw_only=True)
class CheckSpec(Located):
    """Σ left `operator` factor x Σ right + number, of one unit in one quarter; the sides name elements."""

    left: tuple[str, ...]
    operator: str
    severity: str
    message: str
    right: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    number: Decimal = Decimal(0)

    def elements(self) -> Iterator[tuple[str, int]]:
        """Code and line of each element that it names."""
        for key, codes in (("left", self.left), ("right", self.right)):
            yield from ((code, self.line(key)) for code in codes)


@dataclass(frozen=True, kw_only=True)
class CitationSpec(Located):
    """The few exact words of the document; `offset` counts characters from 0."""

    quote: str
    offset: int
    paragraph: int = 1
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, kw_only=True)
class MilestoneSpec(Located):
    """`quote` only where this milestone's figure stands in other words than the target's citation."""

    due: date
    value: Decimal | None
    high: Decimal | None = None
    quote: str = ""
    offset: int | None = None


@dataclass(frozen=True, kw_only=True)
class TargetSpec(Located):
    code: str
    name: str
    indicator: str
    scope: ScopeSpec
    comparator: str
    strength: str
    window: str
    schedule: str
    milestones: tuple[MilestoneSpec, ...]
    citation: CitationSpec
    units: tuple[str, ...] = ()
    custom_shares: tuple[Decimal, ...] = ()
    baseline: Decimal | None = None
    evidence: bool = False
    anomalies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QualitativeSpec(Located):
    asked_of: ScopeSpec
    due: tuple[date, ...]
    definition: str
    strength: str
    allow_na: bool = False
    evidence: bool = False


@dataclass(frozen=True, kw_only=True)
class ItemSpec(Located):
    code: str
    title: str
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    targets: tuple[TargetSpec, ...] = ()
    qualitative: QualitativeSpec | None = None
    citation: CitationSpec | None = None
    anomalies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClauseSpec(Located):
    path: str
    title: str
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    anomalies: tuple[str, ...] = ()
    items: tuple[ItemSpec, ...] = ()

    @property
    def parent_path(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, kw_only=True)
class HeaderSpec(Located):
    code: str
    title: str
    issuer: str
    document_number: str
    published_on: date | None
    first_day: date
    last_day: date
    judged_levels: tuple[str, ...]
    sha256: str = ""
    characters: int | None = None


@dataclass(frozen=True)
class PlanFile:
    """A plan file as read. It may be loaded only when `problems` is empty."""

    header: HeaderSpec
    elements: tuple[ElementSpec, ...] = ()
    indicators: tuple[IndicatorSpec, ...] = ()
    clauses: tuple[ClauseSpec, ...] = ()
    checks: tuple[CheckSpec, ...] = ()
    problems: tuple[FileProblem, ...] = ()

    def is_qualitative(self, item: ItemSpec) -> bool:
        """Whether all that the item asks for is a state; several items may share one state as their indicator."""
        states = {each.code for each in self.indicators if each.kind == IndicatorKind.QUALITATIVE}
        return item.qualitative is not None or {target.indicator for target in item.targets} <= states

    def items(self) -> Iterator[tuple[ClauseSpec, ItemSpec]]:
        for clause in self.clauses:
            for item in clause.items:
                yield clause, item

    def targets(self) -> Iterator[tuple[ClauseSpec, ItemSpec, TargetSpec]]:
        """Those written out, in document order; a qualitative item's own target only after `whole`."""
        for clause, item in self.items():
            for target in item.targets:
                yield clause, item, target
