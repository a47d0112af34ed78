"""What is asked of whom in a quarter by the published plans; the same few queries for any number of units."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, When

from institutions.models import FormerReporter, Institution, RegionVersion
from institutions.queries import carried_by, lay_as_on, reporters_at
from reports.base.enums import SubmissionState
from reports.models import Entry, Submission
from reports.questions.answers import AnswerKey, Question
from reports.questions.queries.known import Benchmarks, benchmarks_of
from reports.questions.queries.past import PastAnswer, later_answers, past_answers, with_rises
from reports.questions.queries.reach import TargetReach, is_in_scope, scope_filter
from reports.questions.queries.together import answers_together
from targets.enums import Accumulation, IndicatorKind
from targets.models import DataElement, Target
from targets.models.plan import asks_in
from targets.periods import Quarter

Class = tuple[str | int, ...]
REACH = ("plan__issuer", "kinds", "grades", "ownerships", "bureau_level")
FEEDS = ("indicator__kind", "indicator__element", "indicator__over", "indicator__against")


@dataclass(frozen=True, slots=True)
class ElementRequirement:
    """An element wanted of the units that a target reaches."""

    element: DataElement
    reach: TargetReach
    qualitative: bool

    @property
    def issuer_id(self) -> int:
        return self.reach.issuer_id

    def fits_class(self, unit: Institution) -> bool:
        """With `names` the same as `units`, for one unit in memory with its region: whether its like are asked."""
        return (
            self.issuer_id in unit.region.lineage and is_in_scope(self.element, unit) and is_in_scope(self.reach, unit)
        )

    def names(self, unit: Institution) -> bool:
        return not self.reach.named or unit.pk in self.reach.named

    def units(self, day: date) -> Q:
        """Of units that are `placed` on the day."""
        places = RegionVersion.objects.in_force_on(day).within(self.issuer_id).values("region")
        units = Q(lay_in__in=places) & scope_filter(self.element) & scope_filter(self.reach)
        return units & Q(pk__in=self.reach.named) if self.reach.named else units


def requirements(quarter: Quarter) -> list[ElementRequirement]:
    """Every element that a target of a published plan needs in the quarter, in the order of the form."""
    return requirements_for(targets_requiring(quarter))


def targets_requiring(quarter: Quarter) -> QuerySet[Target]:
    """The targets that returns of the quarter serve."""
    return Target.objects.filter(asks_in(quarter, "plan__"))


def requirements_for(targets: QuerySet[Target]) -> list[ElementRequirement]:
    """Every element that the targets need, once for each reach, in the order of the form."""
    needs = (
        targets.order_by()
        .values(*REACH, *FEEDS)
        .annotate(named=ArrayAgg("units", filter=Q(units__isnull=False), default=[]), target=F("pk"))
    )
    wanted: dict[tuple[int, TargetReach], bool] = {}
    for target in needs:
        reach = TargetReach(
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
    found = [
        ElementRequirement(elements[element_id], reach, is_state) for (element_id, reach), is_state in wanted.items()
    ]
    return sorted(found, key=lambda requirement: (requirement.element.position, requirement.element.pk))


def questions_asked(reporter: Institution, quarter: Quarter) -> list[Question]:
    """All questions of one return: about the reporter itself and each unit whose line it carries."""
    return questions_for([reporter.pk], quarter)[reporter.pk]


def keys_asked(reporter: Institution, quarter: Quarter) -> set[AnswerKey]:
    """What one return may answer, without what is known from before."""
    wanted = requirements(quarter)
    return {
        (requirement.element.pk, subject.pk)
        for requirement, subject in required_pairs(wanted, subjects_of([reporter.pk], quarter))
    }


def questions_for(reporter_ids: Collection[int], quarter: Quarter) -> defaultdict[int, list[Question]]:
    """The questions of many returns, by reporter; by element in the order of the form, the reporter itself first."""
    wanted = requirements(quarter)
    subjects = subjects_of(reporter_ids, quarter)
    asked = list(required_pairs(wanted, subjects))
    together = answers_together(reporter_ids, quarter)
    elements = {requirement.element.pk for requirement in wanted}
    past = past_answers([subject.pk for subject in subjects], elements, quarter, together)
    corrected = corrected_totals(subjects, quarter)
    known = benchmarks_of({(requirement.element.pk, subject.pk): subject for requirement, subject in asked}, quarter)
    found: defaultdict[int, list[Question]] = defaultdict(list)
    for requirement, subject in asked:
        key = (requirement.element.pk, subject.pk)
        made = question_about(requirement, subject, past[key], corrected.get(key, {}), quarter, known)
        found[subject.reporter_then].append(made)
    return found


def subjects_of(reporter_ids: Collection[int], quarter: Quarter) -> list[Any]:
    """The reporters and the units whose lines they carried at the quarter's end, the reporters first; each with its
    `reporter_then`, and where it lay then."""
    day = quarter.last_day
    own_first = Case(When(pk=F("reporter_then"), then=0), default="reporter_then", output_field=BigIntegerField())
    asked = carried_by(reporter_ids, day).select_related("region").order_by(own_first, "code")
    found = [*asked, *kept_subjects(reporter_ids, quarter)]
    lay_as_on(found, day)
    return found


def kept_subjects(reporter_ids: Collection[int], quarter: Quarter) -> list[Any]:
    """What the returns of reporters that closed by the quarter's end were about: themselves, and what is answered in
    them. Nothing is asked there any more; what was handed in is reviewed, and a draft can be read."""
    closed = Submission.objects.of_quarter(quarter).filter(
        reporter__in=reporter_ids, reporter__closed__lte=quarter.last_day
    )
    reporters = dict(closed.values_list("pk", "reporter"))
    if not reporters:
        return []
    about = Entry.objects.filter(round__submission__in=reporters, subject__opened__lte=quarter.last_day).order_by()
    pairs = {(reporters[pk], subject) for pk, subject in about.values_list("round__submission", "subject").distinct()}
    pairs |= {(reporter, reporter) for reporter in reporters.values()}
    units = Institution.objects.with_reporter_on(quarter.last_day).select_related("region")
    known = {unit.pk: unit for unit in units.filter(pk__in={subject for _, subject in pairs})}
    carried = sorted((reporter != pk, reporter, known[pk].code, pk) for reporter, pk in pairs if pk in known)
    return [
        as_line_of(reporter, known[pk])
        for _, reporter, _, pk in carried
        if not (known[pk].reporter_then == reporter and is_open(known[pk], quarter))
    ]


def as_line_of(reporter: int, unit: Any) -> Any:
    """The unit as that return carries it, whoever else carries it now."""
    line = copy(unit)
    line.reporter_then = reporter
    return line


def is_open(unit: Institution, quarter: Quarter) -> bool:
    return unit.closed is None or unit.closed > quarter.last_day


def required_pairs(wanted: list[ElementRequirement], subjects: list[Any]) -> Iterator[tuple[ElementRequirement, Any]]:
    """Each element with each unit that is asked about it, once in a return."""
    classes = classes_of(subjects, {requirement.issuer_id for requirement in wanted})
    likes = dict(zip(classes, subjects, strict=True))
    seen: set[tuple[int, int, int]] = set()
    for requirement in wanted:
        fitting = {name for name, unit in likes.items() if requirement.fits_class(unit)}
        alike = (subject for name, subject in zip(classes, subjects, strict=True) if name in fitting)
        for subject in alike if fitting else ():
            key = (requirement.element.pk, subject.pk, subject.reporter_then)
            if key not in seen and requirement.names(subject):
                seen.add(key)
                yield requirement, subject


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


def corrected_totals(subjects: list[Institution], quarter: Quarter) -> dict[AnswerKey, dict[int, Decimal]]:
    """By quarter, the running totals of earlier returns of the year that are being corrected, as last typed."""
    if quarter.number == 1:
        return {}
    reporters = {subject.reported_by_id or subject.pk for subject in subjects}
    about = [subject.pk for subject in subjects]
    reporters |= set(FormerReporter.objects.filter(institution__in=about).values_list("reporter", flat=True))
    rows = (
        Entry.objects.filter(
            ~Q(round__submission__state=SubmissionState.APPROVED),
            round__submission__approved_round__isnull=False,
            round__submission__reporter__in=reporters,
            round__submission__quarter__gte=Quarter(quarter.year, 1).ordinal,
            round__submission__quarter__lt=quarter.ordinal,
            element__accumulation=Accumulation.RUNNING,
        )
        .order_by("round__number")
        .values_list("element_id", "subject_id", "round__submission__quarter", "value")
    )
    found: dict[AnswerKey, dict[int, Decimal]] = defaultdict(dict)
    for element_id, subject_id, ordinal, value in rows:
        if value is not None:
            found[element_id, subject_id][ordinal] = value
    return found


def question_about(
    requirement: ElementRequirement,
    subject: Institution,
    past: dict[int, PastAnswer],
    corrected: dict[int, Decimal],
    quarter: Quarter,
    known: Benchmarks,
) -> Question:
    past = with_rises(past, requirement.element, quarter)
    last, year_before, own = (past.get(quarter.ordinal + distance) for distance in (-1, -4, 0))
    of_year = {
        ordinal: corrected.get(ordinal, figure.value)
        for ordinal, figure in past.items()
        if Quarter(quarter.year, 1).ordinal <= ordinal < quarter.ordinal and figure.value is not None
    }
    is_running = requirement.element.accumulation == Accumulation.RUNNING
    key = (requirement.element.pk, subject.pk)
    return Question(
        element=requirement.element,
        subject=subject,
        last=last.value if last else None,
        last_not_applicable=last.not_applicable if last else False,
        last_rise=last.rise if last else None,
        year_before=year_before.value if year_before else None,
        year_before_rise=year_before.rise if year_before else None,
        floor=of_year[max(of_year)] if of_year and is_running else None,
        qualitative=requirement.qualitative,
        official=known.officials.get(key),
        goals=tuple(known.goals.get(key, ())),
        comparisons=tuple(known.comparisons.get(key, ())),
        in_force=own.value if own else None,
        later=tuple(later_answers(past, quarter)),
    )


def reporters_asked(quarter: Quarter) -> QuerySet[Institution]:
    """Every unit that owes a return: it, or a unit whose line it carries, is asked something."""
    scope = Q(pk__in=[])
    for requirement in requirements(quarter):
        scope |= requirement.units(quarter.last_day)
    asked = Institution.objects.open_on(quarter.last_day).placed(quarter.last_day).filter(scope)
    reporters = asked.with_reporter_on(quarter.last_day).values("reporter_then")
    return reporters_at(quarter.last_day).filter(pk__in=reporters).order_by("pk")
