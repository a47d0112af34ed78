"""What the form shows beside its questions: official numbers of the place, and who typed what."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from institutions.models import Institution
from reports.base import numbers
from reports.models import Entry, Round
from reports.questions.answers import AnswerKey, Question
from reports.questions.queries.asked import targets_requiring
from targets.constants import official_constant
from targets.enums import Denominator
from targets.models import Constant
from targets.periods import Quarter

OFFICIAL = (Denominator.CONSTANT, Denominator.QUOTA)


@dataclass(frozen=True, slots=True)
class KnownDivisor:
    """By what a ratio of this return is divided; known, and so not asked. is_of_year: not an earlier year's."""

    name: str
    value: Decimal
    unit: str
    year: int
    source: str
    is_of_year: bool

    @property
    def written(self) -> str:
        return numbers.text(self.value, self.unit, places=4)


def official_numbers(reporter: Institution, questions: Iterable[Question], quarter: Quarter) -> list[KnownDivisor]:
    """Of the reporter's own region, this year's or the last before it."""
    elements = {each.element.pk for each in questions}
    names = names_of_numbers(elements, quarter)
    newest = Constant.objects.filter(region=reporter.region_id, code__in=names, year__lte=quarter.year)
    return [
        KnownDivisor(
            names[each.code],
            each.value,
            official_constant(each.code).unit,
            each.year,
            each.source,
            each.year == quarter.year,
        )
        for each in newest.order_by("code", "-year").distinct("code")
    ]


def names_of_numbers(elements: Iterable[int], quarter: Quarter) -> dict[str, str]:
    """By their code; an assigned quota goes by its indicator's."""
    targets = targets_requiring(quarter).filter(indicator__denominator__in=OFFICIAL, indicator__element__in=elements)
    indicators = {each.indicator.official_number: each.indicator for each in targets.select_related("indicator")}
    return {
        code: str(official_constant(code).name)
        if indicator.denominator == Denominator.CONSTANT
        else _("%(name)s：下达任务数") % {"name": indicator.name}
        for code, indicator in indicators.items()
    }


def entries_by_key(made: Round | None) -> dict[AnswerKey, Entry]:
    """The answers of a round with who typed them."""
    entries = Entry.objects.filter(round=made).select_related("typed_by") if made else []
    return {(entry.element_id, entry.subject_id): entry for entry in entries}
