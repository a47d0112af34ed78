"""One bound of every number that can be typed: in forms, workbooks, plan files and the database."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from institutions.numerals import LARGEST
from reports.models import Entry, Figure
from reports.questions.answers import UnreadableAnswerError, parse_answer
from reports.workbooks.sheets.validation import make_answer_rule
from targets.enums import ElementType
from targets.forms.fields import NumberField
from targets.models import (
    Allotment,
    CheckRule,
    ConditionValue,
    Constant,
    DataElement,
    Indicator,
    Milestone,
    Terms,
)
from targets.plan_file import read
from tests.factories import (
    AllotmentFactory,
    CheckRuleFactory,
    ConstantFactory,
    EntryFactory,
    FigureFactory,
    IndicatorFactory,
    MilestoneFactory,
)
from tests.targets.small_plan import SMALL

JUST_BELOW = LARGEST - Decimal("0.0001")
MONEY = DataElement(type=ElementType.MONEY, places=4, unit="元")
STORED: list[tuple[type[models.Model], str]] = [
    (Allotment, "value"),
    (CheckRule, "factor"),
    (CheckRule, "number"),
    (ConditionValue, "value"),
    (Constant, "value"),
    (Entry, "value"),
    (Figure, "value"),
    (Indicator, "condition_value"),
    (Indicator, "multiplier"),
    (Indicator, "offset"),
    (Milestone, "high"),
    (Milestone, "value"),
    (Terms, "baseline"),
]


def test_the_form_and_the_workbook_hold_it():
    assert parse_answer(str(JUST_BELOW), MONEY) == JUST_BELOW
    with pytest.raises(UnreadableAnswerError, match="数字过大，请核对单位。"):
        parse_answer(str(LARGEST), MONEY)


def test_the_spreadsheet_holds_it():
    rule = make_answer_rule(MONEY, "F6")
    assert (rule.operator, rule.formula1, rule.formula2) == ("between", "0", str(JUST_BELOW))


def test_the_forms_of_a_plan_hold_it():
    assert NumberField().clean(str(JUST_BELOW)) == JUST_BELOW
    for typed in (str(LARGEST), str(-LARGEST)):
        with pytest.raises(ValidationError, match="数字过大，请核对单位。"):
            NumberField().clean(typed)


def test_the_plan_file_holds_it():
    assert read(SMALL.replace("value: 40", f"value: {LARGEST}")).problems[0].message.endswith(f"现为{LARGEST}")
    assert not read(SMALL.replace("value: 40", "value: 999999999999.9999")).problems


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "column"), STORED)
def test_the_database_holds_it(model: type[models.Model], column: str):
    row = made(model)
    rows = model.objects.filter(pk=row.pk)  # type: ignore[attr-defined]
    beside: dict[str, Any] = {"value": 0} if column == "high" else {}
    rows.update(**{column: JUST_BELOW}, **beside)
    with pytest.raises(IntegrityError, match="within_bounds"), transaction.atomic():
        rows.update(**{column: LARGEST})


@pytest.mark.django_db
def test_no_column_of_a_typed_number_is_forgotten():
    """Every decimal column of plans, answers and figures is bound, but for limits and what is worked out."""
    tables = {model._meta.db_table for model, _column in STORED}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE data_type = 'numeric' AND (table_name LIKE 'targets_%%' OR table_name = ANY(%s))",
            [list(tables)],
        )
        found = set(cursor.fetchall())
    worked_out = {("reports_figure", "rise"), ("reports_figure", "year_sum")}
    limits = {("targets_plan", "amber_points"), ("targets_terms", "amber_points")}
    assert found - worked_out - limits == {(model._meta.db_table, column) for model, column in STORED}


def made(model: type[models.Model]) -> models.Model:
    factories: dict[type[models.Model], Any] = {
        Allotment: AllotmentFactory,
        CheckRule: CheckRuleFactory,
        Constant: ConstantFactory,
        Entry: EntryFactory,
        Figure: FigureFactory,
        Indicator: IndicatorFactory,
        Milestone: MilestoneFactory,
    }
    if model is ConditionValue:
        return ConditionValue.objects.create(indicator=IndicatorFactory(), unit_class="county", value=1)
    if model is Terms:
        return MilestoneFactory().terms
    return factories[model]()
