"""Kinds of fields: lists written as text, numbers as people type them, days."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from institutions import numerals
from institutions.texts import trim
from targets.plan_file.fields import SLUG

BETWEEN_NAMES = re.compile(r"[、,，;；\n]+")
BETWEEN_NUMBERS = re.compile(r"[、,，;；/\s]+")
PLACES = 4
POINT_PLACES, MOST_POINTS = 2, 100


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CodeField(forms.RegexField):
    """A code as the plan file has it."""

    def __init__(self, **kwargs: Any) -> None:
        sentence = lazy("只能用小写字母、数字和连字符，如 kf-clinics")
        super().__init__(regex=f"^{SLUG.pattern}$", error_messages={"invalid": sentence}, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(trim(value) if isinstance(value, str) else value) or ""


class ListField(forms.CharField):
    """Words between separators, as a tuple; each at most `most` characters, none twice."""

    between = BETWEEN_NAMES

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**{"required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else self.joined(value)

    def joined(self, values: Iterable[str]) -> str:
        return "、".join(values)

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(self.prepare_value(value))
        words = tuple(dict.fromkeys(word for part in self.between.split(text) if (word := trim(part))))
        for word in words:
            if len(word) > self.most:
                raise ValidationError(
                    _("“%(word)s”有 %(now)d 字，最多 %(most)d 字") % {"word": word, "now": len(word), "most": self.most}
                )
        return words


class LinesField(ListField):
    """One a line."""

    between = re.compile(r"[\r\n]+")

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": rows}), **kwargs})

    def joined(self, values: Iterable[str]) -> str:
        return "\n".join(values)


class DaysField(LinesField):
    """Days, one a line, rising."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"most": 10, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return self.joined(day.isoformat() for day in value)

    def clean(self, value: Any) -> tuple[date, ...]:  # type: ignore[override]
        days = []
        for text in super().clean(value):
            try:
                days.append(date.fromisoformat(text))
            except ValueError:
                raise ValidationError(_("“%(text)s”不是日期，请写成 2023-12-31") % {"text": text}) from None
        return tuple(sorted(days))


class NumberField(forms.CharField):
    """A number as people type it, with up to four decimals; None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "number", "autocomplete": "off"})
        super().__init__(**{"widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return numerals.typed_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        return read_number(super().clean(self.prepare_value(value)))


class PointsField(NumberField):
    """A threshold in points of the way (进度百分点), as the plan and a target keep it."""

    def clean(self, value: Any) -> Decimal | None:
        points = super().clean(value)
        if points is None:
            return None
        if not 0 <= points <= MOST_POINTS:
            raise ValidationError(_("应在 0 至 %(most)d 之间。") % {"most": MOST_POINTS})
        if problem := numerals.problem_of(points, POINT_PLACES):
            raise ValidationError(problem)
        return points


class NumbersField(forms.CharField):
    """Several numbers in one line, as a tuple."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "、".join(numerals.typed_number(each) for each in value)

    def clean(self, value: Any) -> tuple[Decimal, ...]:
        words = BETWEEN_NUMBERS.split(super().clean(self.prepare_value(value)).replace("%", ""))
        return tuple(number for word in words if (number := read_number(word)) is not None)


def read_number(text: str) -> Decimal | None:
    try:
        value = numerals.read_number(text)
    except numerals.UnreadableNumberError as error:
        raise ValidationError(str(error)) from error
    if value is not None and (problem := numerals.problem_of(abs(value), PLACES)):
        raise ValidationError(problem)
    return value
