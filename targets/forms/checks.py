"""What is typed of a check between numbers."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from targets.enums import Operator, Severity
from targets.forms.fields import NumberField
from targets.forms.parts import Group, PartForm
from targets.models import CheckRule, DataElement
from targets.plan_file import specs

FEWEST_PLACES = 3
MESSAGE_MOST = 200


class CheckForm(PartForm):
    """Each side has as many places as it needs, and one more."""

    operator = forms.ChoiceField(label=_("关系"), choices=Operator)
    factor = NumberField(label=_("倍数"), required=False, help_text=_("右边合计先乘它；不写是 1"))
    number = NumberField(label=_("加数"), required=False, help_text=_("再加它；右边没有数据项时就是与这个数比"))
    severity = forms.ChoiceField(
        label=_("级别"), choices=Severity, help_text=_("必须改正：不符合不能提交；请核实：写一句核实说明就能提交")
    )
    message = forms.CharField(
        label=_("提示语"),
        max_length=MESSAGE_MOST,
        help_text=_("不符合时显示在左边第一个格子下；可以写 {left} 和 {right}，显示为两边的数"),
        widget=forms.TextInput(attrs={"class": "long"}),
    )

    def __init__(self, *args: Any, elements: Iterable[DataElement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *by_topic(elements)]
        self.sides = {side: self.add_side(side, choices) for side in ("left", "right")}
        self.fields["left_1"].required = True
        self.GROUPS: tuple[Group, ...] = (
            (_("左边（几项相加）"), self.sides["left"]),
            (_("两边的关系"), ("operator",)),
            (_("右边（几项相加）"), (*self.sides["right"], "factor", "number")),
            (_("不符合时"), ("severity", "message")),
        )

    def add_side(self, side: str, choices: list[Any]) -> tuple[str, ...]:
        given = sum(
            name.startswith(f"{side}_") and bool(value) for name, value in [*self.initial.items(), *self.data.items()]
        )
        names = tuple(f"{side}_{place}" for place in range(1, max(FEWEST_PLACES, given + 1) + 1))
        for place, name in enumerate(names, start=1):
            label = _now("数据项 %(n)d") % {"n": place}
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        return names

    @property
    def lines(self) -> dict[str, int]:
        lines = super().lines
        return lines | {"left": lines["left_1"], "right": lines["right_1"]}

    def check(self) -> specs.CheckSpec:
        data = self.cleaned_data
        return specs.CheckSpec(
            left=self.codes("left"),
            operator=data["operator"],
            right=self.codes("right"),
            factor=Decimal(1) if data["factor"] is None else data["factor"],
            number=data["number"] or Decimal(0),
            severity=data["severity"],
            message=data["message"],
            lines=self.lines,
        )

    def codes(self, side: str) -> tuple[str, ...]:
        return tuple(code for name in self.sides[side] if (code := self.cleaned_data[name]))


def by_topic(elements: Iterable[DataElement]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in elements:
        unit = _now("（%(what)s）") % {"what": row.unit} if row.unit else ""
        groups.setdefault(row.topic, []).append((row.code, f"{row.name}{unit}"))
    return list(groups.items())


def check_initial(rule: CheckRule) -> dict[str, Any]:
    terms = list(rule.terms.all())
    sides = {
        side: [term.element.code for term in terms if term.is_left == (side == "left")] for side in ("left", "right")
    }
    named = {f"{side}_{place}": code for side, codes in sides.items() for place, code in enumerate(codes, start=1)}
    return {
        **named,
        "operator": rule.operator,
        "factor": rule.factor,
        "number": rule.number,
        "severity": rule.severity,
        "message": rule.message,
    }
