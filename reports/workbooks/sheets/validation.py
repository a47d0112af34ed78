"""What Excel lets through in the cells of the filling sheets; the server checks again and more kindly."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from institutions.numerals import LARGEST
from reports.questions.answers import choose_one, places_of, write_day
from reports.questions.limits import NOTE_LENGTH
from targets.enums import ElementType
from targets.models import DataElement

LONGEST_LIST = 255  # Excel's limit of a list written into the rule
NOT_APPLICABLE, YES, NO, NOT_DONE = "不适用", "是", "否", "尚未完成"


def make_answer_rule(element: DataElement, here: str, with_not_applicable: bool = False) -> DataValidation:
    """The rule of the answer cells from `here` on."""
    if element.type in (ElementType.YESNO, ElementType.LEVEL):
        rule = make_choice_rule([YES, NO] if element.type == ElementType.YESNO else element.levels, with_not_applicable)
    elif element.type == ElementType.DATE:
        words = [NOT_DONE, NOT_APPLICABLE] if with_not_applicable else [NOT_DONE]
        rule = make_custom_rule(here, f"ISNUMBER({here})", words)
    elif with_not_applicable:
        whole = f",{here}=INT({here})" if places_of(element) == 0 else ""
        within = f"{here}>=0,{here}<{LARGEST}{whole}"
        rule = make_custom_rule(here, f"IF(ISNUMBER({here}),AND({within}),FALSE)", [NOT_APPLICABLE])
    else:
        places = places_of(element)
        rule = DataValidation(type="decimal" if places else "whole", operator="between", formula1="0")
        rule.formula2 = str(LARGEST - Decimal(1).scaleb(-places))
    return add_message(rule, _("填写格式"), describe_rule(element))


def make_choice_rule(words: Sequence[str], with_not_applicable: bool) -> DataValidation:
    listed = ",".join([*words, *([NOT_APPLICABLE] if with_not_applicable else [])])
    if len(listed) > LONGEST_LIST or any("," in word or '"' in word for word in words):
        return DataValidation(type="textLength", operator="greaterThan", formula1="0")
    return DataValidation(type="list", formula1=f'"{listed}"')


def make_custom_rule(here: str, condition: str, words: Iterable[str]) -> DataValidation:
    alternatives = ",".join(f'{here}="{word}"' for word in words)
    return DataValidation(type="custom", formula1=f"OR({condition},{alternatives})")


def make_note_rule() -> DataValidation:
    rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(NOTE_LENGTH))
    return add_message(rule, _("说明"), _("说明最多 %(most)d 字。") % {"most": NOTE_LENGTH})


def add_message(rule: DataValidation, title: str, sentence: str) -> DataValidation:
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = title[:32], sentence[:255]
    return rule


def describe_rule(element: DataElement) -> str:
    if element.type in (ElementType.YESNO, ElementType.LEVEL):
        return choose_one(element)
    if element.type == ElementType.DATE:
        return write_day()
    places = places_of(element)
    if places:
        return _("请填不小于 0 的数，最多 %(places)d 位小数。") % {"places": places}
    return _("请填不小于 0 的整数。")


class ValidationRules:
    """The list and number rules of the sheet, one for all cells that share it."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.found: dict[tuple[str | None, ...], DataValidation] = {}

    def add(self, rule: DataValidation, cell: str) -> None:
        name = (rule.type, rule.formula1, rule.operator, rule.error)
        self.found.setdefault(name, rule).add(cell)

    def attach(self) -> None:
        for rule in self.found.values():
            self.sheet.add_data_validation(rule)
