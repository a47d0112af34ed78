"""Approved answers become figures. The only writer of `Figure`; called by `reports.actions.reviews`."""

from decimal import Decimal

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from reports.models import Entry, Figure, Round
from targets.enums import Accumulation
from targets.periods import Quarter

NUMBER: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=20, decimal_places=4)


def carry(approved: Round) -> None:
    """Put the round's answers in force and reckon anew what they add, in this quarter and the rest of its year."""
    quarter = Quarter.from_ordinal(approved.submission.quarter)
    entries = Entry.objects.filter(round=approved).order_by("subject_id", "element_id")
    Figure.objects.bulk_create(
        [
            Figure(
                subject_id=entry.subject_id,
                element_id=entry.element_id,
                quarter=quarter.ordinal,
                value=entry.value,
                not_applicable=entry.not_applicable,
                round=approved,
            )
            for entry in entries
        ],
        update_conflicts=True,
        unique_fields=["subject", "element", "quarter"],
        update_fields=["value", "not_applicable", "round"],
    )
    reckon_rises(touched_by(approved, quarter), quarter.year)


def touched_by(approved: Round, quarter: Quarter) -> QuerySet[Figure]:
    """The figures whose rise may change with the round: a running total of a later quarter counts from it."""
    same = Entry.objects.filter(round=approved, subject=OuterRef("subject"), element=OuterRef("element"))
    return Figure.objects.filter(
        Exists(same), quarter__gte=quarter.ordinal, quarter__lte=Quarter(quarter.year, 4).ordinal
    )


def reckon_rises(figures: QuerySet[Figure], year: int) -> None:
    """flow: the value; running: the value less the latest earlier one of the year; stock and 不适用: nothing."""
    before = (
        Figure.objects.filter(
            subject=OuterRef("subject"),
            element=OuterRef("element"),
            quarter__lt=OuterRef("quarter"),
            quarter__gte=Quarter(year, 1).ordinal,
            value__isnull=False,
        )
        .order_by("-quarter")
        .values("value")[:1]
    )
    rise = Case(
        When(element__accumulation=Accumulation.FLOW, then=F("value")),
        When(
            Q(element__accumulation=Accumulation.RUNNING),
            then=F("value") - Coalesce(Subquery(before), Value(0), output_field=NUMBER),
        ),
        output_field=NUMBER,
    )
    reckoned = Figure.objects.filter(pk=OuterRef("pk")).annotate(reckoned=rise).values("reckoned")
    figures.update(rise=Subquery(reckoned))
