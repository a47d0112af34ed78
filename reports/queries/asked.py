"""What is asked of whom in a quarter by the published plans; the same few queries for any number of units."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, F, Q, QuerySet, When

from institutions.models import Institution
from institutions.queries import register_at, reporters_at
from reports.answers import Key, Question
from reports.models import Figure
from targets.enums import Accumulation, IndicatorKind, PlanState
from targets.models import DataElement, Scope, Target
from targets.periods import Quarter

Past = dict[Key, dict[int, Figure]]
Class = tuple[str | int, ...]
REACH = ("plan__issuer", "kinds", "grades", "ownerships", "bureau_level")
FEEDS = ("indicator__kind", "indicator__element", "indicator__over", "indicator__against")


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a target asks below the region that issued its plan. named: only these; the lists as in `Scope`."""

    issuer_id: int
    kinds: tuple[str, ...]
    grades: tuple[str, ...]
    ownerships: tuple[str, ...]
    bureau_level: str
    named: frozenset[int]


@dataclass(frozen=True, slots=True)
class Asking:
    """An element wanted of the units that a target reaches."""

    element: DataElement
    reach: Reach
    qualitative: bool

    @property
    def issuer_id(self) -> int:
        return self.reach.issuer_id

    def fits_class(self, unit: Institution) -> bool:
        """With `names` the same as `units`, for one unit in memory with its region: whether its like are asked."""
        return self.issuer_id in unit.region.lineage and in_scope(self.element, unit) and in_scope(self.reach, unit)

    def names(self, unit: Institution) -> bool:
        return not self.reach.named or unit.pk in self.reach.named

    def units(self) -> Q:
        units = Q(region__lineage__contains=[self.issuer_id]) & of_scope(self.element) & of_scope(self.reach)
        return units & Q(pk__in=self.reach.named) if self.reach.named else units


def of_scope(scope: Scope | Reach) -> Q:
    units = Q()
    if scope.kinds:
        units &= Q(kind__in=scope.kinds)
    if scope.grades:
        units &= Q(grade__in=scope.grades)
    if scope.ownerships:
        units &= Q(ownership__in=scope.ownerships)
    return units & Q(region__level=scope.bureau_level) if scope.bureau_level else units


def in_scope(scope: Scope | Reach, unit: Institution) -> bool:
    """Whether a unit in memory, with its region, is one of those that a scope describes."""
    return (
        (not scope.kinds or unit.kind in scope.kinds)
        and (not scope.grades or unit.grade in scope.grades)
        and (not scope.ownerships or unit.ownership in scope.ownerships)
        and (not scope.bureau_level or unit.region.level == scope.bureau_level)
    )


def askings(quarter: Quarter) -> list[Asking]:
    """Every element that a target of a published plan needs in the quarter, in the order of the form."""
    return askings_for(targets_asking(quarter))


def targets_asking(quarter: Quarter) -> QuerySet[Target]:
    """The targets that returns of the quarter serve.

    A plan asks from its first day until it is closed: past its last day what is unmet is judged on. One closed
    since still stands behind the returns of the quarters before.
    """
    running = Q(plan__state=PlanState.PUBLISHED)
    closed_since = Q(plan__state=PlanState.CLOSED, plan__closed_on__gte=quarter.first_day)
    return Target.objects.filter(running | closed_since, plan__first_day__lte=quarter.last_day)


def askings_for(targets: QuerySet[Target]) -> list[Asking]:
    """Every element that the targets need, once for each reach, in the order of the form."""
    needs = (
        targets.order_by()
        .values(*REACH, *FEEDS)
        .annotate(named=ArrayAgg("units", filter=Q(units__isnull=False), default=[]), target=F("pk"))
    )
    wanted: dict[tuple[int, Reach], bool] = {}
    for target in needs:
        reach = Reach(
            issuer_id=target["plan__issuer"],
            kinds=tuple(target["kinds"]),
            grades=tuple(target["grades"]),
            ownerships=tuple(target["ownerships"]),
            bureau_level=target["bureau_level"],
            named=frozenset(target["named"]),
        )
        for slot in ("element", "over", "against"):
            if element_id := target[f"indicator__{slot}"]:
                is_state = target["indicator__kind"] == IndicatorKind.QUALITATIVE
                wanted[element_id, reach] = wanted.get((element_id, reach), False) or is_state
    elements = DataElement.objects.in_bulk({element_id for element_id, _ in wanted})
    found = [Asking(elements[element_id], reach, is_state) for (element_id, reach), is_state in wanted.items()]
    return sorted(found, key=lambda asking: (asking.element.position, asking.element.pk))


def asked_of(reporter: Institution, quarter: Quarter) -> list[Question]:
    """All questions of one return: about the reporter itself and each unit whose line it carries."""
    return questions_for([reporter.pk], quarter)[reporter.pk]


def questions_for(reporter_ids: Collection[int], quarter: Quarter) -> defaultdict[int, list[Question]]:
    """The questions of many returns, by reporter; by element in the order of the form, the reporter itself first."""
    wanted = askings(quarter)
    subjects = list(
        register_at(quarter.last_day)
        .filter(Q(pk__in=reporter_ids, reported_by__isnull=True) | Q(reported_by__in=reporter_ids))
        .select_related("region")
        .order_by(F("reported_by").asc(nulls_first=True), "code")
    )
    past = past_figures(subjects, wanted, quarter)
    classes = classes_of(subjects, {asking.issuer_id for asking in wanted})
    likes = dict(zip(classes, subjects, strict=True))
    found: defaultdict[int, list[Question]] = defaultdict(list)
    seen: set[Key] = set()
    for asking in wanted:
        fitting = {name for name, unit in likes.items() if asking.fits_class(unit)}
        alike = (subject for name, subject in zip(classes, subjects, strict=True) if name in fitting)
        for subject in alike if fitting else ():
            key = (asking.element.pk, subject.pk)
            if key not in seen and asking.names(subject):
                seen.add(key)
                found[subject.reported_by_id or subject.pk].append(question(asking, subject, past[key], quarter))
    return found


def classes_of(subjects: list[Institution], issuers: set[int]) -> list[Class]:
    """The class of each subject; within one class an asking fits all or none."""
    return [
        (
            unit.kind,
            unit.grade,
            unit.ownership,
            unit.region.level,
            *(pk for pk in unit.region.lineage if pk in issuers),
        )
        for unit in subjects
    ]


def past_figures(subjects: list[Institution], wanted: list[Asking], quarter: Quarter) -> Past:
    """The last quarter's figures, and of running totals all earlier ones of the year."""
    rows = Figure.objects.filter(
        Q(quarter=quarter.ordinal - 1)
        | Q(
            element__accumulation=Accumulation.RUNNING,
            quarter__gte=Quarter(quarter.year, 1).ordinal,
            quarter__lt=quarter.ordinal,
        ),
        subject__in=[subject.pk for subject in subjects],
        element__in=[asking.element.pk for asking in wanted],
    ).only("element_id", "subject_id", "quarter", "value", "rise", "not_applicable")
    found: Past = defaultdict(dict)
    for figure in rows:
        found[figure.element_id, figure.subject_id][figure.quarter] = figure
    return found


def question(asking: Asking, subject: Institution, past: dict[int, Figure], quarter: Quarter) -> Question:
    last = past.get(quarter.ordinal - 1)
    of_year = [each for each in past if each >= Quarter(quarter.year, 1).ordinal and past[each].value is not None]
    is_running = asking.element.accumulation == Accumulation.RUNNING
    return Question(
        element=asking.element,
        subject=subject,
        last=last.value if last else None,
        last_not_applicable=last.not_applicable if last else False,
        last_rise=last.rise if last else None,
        floor=past[max(of_year)].value if of_year and is_running else None,
        qualitative=asking.qualitative,
    )


def reporters_asked(quarter: Quarter) -> QuerySet[Institution]:
    """Every unit that owes a return: it, or a unit whose line it carries, is asked something."""
    scope = Q(pk__in=[])
    for asking in askings(quarter):
        scope |= asking.units()
    asked = register_at(quarter.last_day).filter(scope)
    reporters = asked.values_list(Case(When(reported_by__isnull=False, then="reported_by"), default="pk"))
    return reporters_at(quarter.last_day).filter(pk__in=reporters).order_by("pk")
