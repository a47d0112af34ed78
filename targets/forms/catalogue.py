"""What is typed of a data element or an indicator."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from institutions.enums import Grade, InstitutionKind, RegionKind
from targets.enums import Accumulation, Denominator, ElementType, IndicatorKind
from targets.forms.fields import PLACES, CodeField, LinesField, NumberField
from targets.forms.outline import NAME
from targets.forms.parts import PartForm, ScopeFields, scope_initial
from targets.labels import LABELS
from targets.models import DataElement, Indicator
from targets.plan_file import specs

DEFINITION = forms.Textarea(attrs={"rows": 3})
OPERATORS = [("", "—"), (">=", "≥"), ("<=", "≤"), ("=", "=")]
CLASSES = [
    ("", "—"),
    (_("行政区划类别"), RegionKind.choices),
    (_("机构等级"), Grade.choices),
    (_("机构类别"), InstitutionKind.choices),
]


class ElementForm(ScopeFields):
    GROUPS = (
        (_("数据项"), ("name", "code", "topic", "definition")),
        (_("填法"), ("type", "unit", "places", "accumulation", "levels", "part_of", "allow_na")),
        (_("填报单位"), ("kinds", "grades", "ownerships", "bureau_level")),
    )
    WORDS = frozenset(["name", "definition", "topic"])

    name = forms.CharField(label=_("名称"), max_length=80, widget=NAME)
    code = CodeField(label=_("代号"), max_length=80, help_text=_("小写字母、数字和连字符；定了不再改"))
    topic = forms.CharField(label=_("主题"), max_length=40, help_text=_("同一主题的数据项在报表里排在一起"))
    definition = forms.CharField(label=_("口径"), help_text=_("什么算、什么不算、以什么资料为准"), widget=DEFINITION)
    type = forms.ChoiceField(label=_("类型"), choices=ElementType)
    unit = forms.CharField(label=_("单位"), max_length=10, required=False)
    places = forms.IntegerField(
        label=_("小数位"),
        min_value=0,
        max_value=PLACES,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "number"}),
    )
    accumulation = forms.ChoiceField(label=_("累计方式"), choices=Accumulation)
    levels = LinesField(label=LABELS["levels"], most=20, rows=3, help_text=_("等级才填，一行一级，由低到高"))
    part_of = forms.ChoiceField(label=LABELS["part_of"], required=False, help_text=_("填的数不能大于那一项"))
    allow_na = forms.BooleanField(label=_("可不适用"), required=False)

    def __init__(self, *args: Any, elements: Iterable[DataElement], element: DataElement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "part_of", [each for each in elements if each != element])
        self.fields["code"].disabled = element is not None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("kinds"):
            self.add_error("kinds", _now("请选择由谁填报"))
        return self.cleaned_data

    def element(self) -> specs.ElementSpec:
        data = self.cleaned_data
        names = ("code", "name", "definition", "topic", "type", "unit", "places", "levels", "allow_na", "part_of")
        return specs.ElementSpec(
            **{name: data[name] for name in names},
            accumulates=data["accumulation"],
            asked_of=self.scope(),
            lines=self.lines | {"accumulates": self.lines["accumulation"]},
        )


def element_initial(row: DataElement) -> dict[str, Any]:
    names = ("code", "name", "definition", "topic", "type", "unit", "places", "accumulation", "levels")
    return {
        **{name: getattr(row, name) for name in names},
        **scope_initial(row),
        "allow_na": row.allow_not_applicable,
        "part_of": row.whole.code if row.whole else "",
    }


class IndicatorForm(PartForm):
    GROUPS = (
        (_("指标"), ("name", "code", "kind", "definition", "unit", "places")),
        (_("计算"), ("element", "denominator", "over", "constant", "multiplier", "offset")),
        (_("条件"), ("operator", "condition_value", "against")),
    )
    WORDS = frozenset(["name", "definition"])

    name = forms.CharField(label=_("名称"), max_length=80, widget=NAME)
    code = CodeField(label=_("代号"), max_length=80, help_text=_("小写字母、数字和连字符；定了不再改"))
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=IndicatorKind,
        help_text=_("比率先求和再相除；达标占比、逐个达标和交付事项按条件数单位；总量求和"),
    )
    definition = forms.CharField(label=_("口径"), widget=DEFINITION)
    unit = forms.CharField(label=_("单位"), max_length=10, required=False)
    places = forms.IntegerField(
        label=_("小数位"),
        min_value=0,
        max_value=PLACES,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "number"}),
    )
    element = forms.ChoiceField(label=LABELS["element"], help_text=_("比率的分子；计数、比较的那一项"))
    denominator = forms.ChoiceField(label=LABELS["denominator"], choices=Denominator, help_text=_("只有比率才有"))
    over = forms.ChoiceField(label=LABELS["over"], required=False, help_text=_("比率的分母；或者先除以它再看条件"))
    constant = CodeField(
        label=LABELS["constant"],
        max_length=60,
        required=False,
        help_text=_("分母是基础数据时写，如 resident-population"),
    )
    multiplier = NumberField(label=LABELS["multiplier"], initial="1", help_text=_("百分数写 100"))
    offset = NumberField(label=LABELS["indicator.offset"], initial="0", help_text=_("增长率写 -100"))
    operator = forms.ChoiceField(label=LABELS["condition"], choices=OPERATORS, required=False)
    condition_value = NumberField(
        label=LABELS["condition_value"], required=False, help_text=_("是为 1、否为 0；等级由低到高从 0 数起")
    )
    against = forms.ChoiceField(label=LABELS["against"], required=False, help_text=_("不与数值比而与另一项比时选"))

    def __init__(self, *args: Any, elements: Iterable[DataElement], indicator: Indicator | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(elements)
        for name in ("element", "over", "against"):
            set_choices(self, name, known, empty=name != "element")
        self.fields["code"].disabled = indicator is not None

    def clean(self) -> dict[str, Any]:
        """What only the form can say: which of its fields belong together."""
        data = super().clean()
        if data.get("denominator") == Denominator.ELEMENT and not data.get("over"):
            self.add_error("over", _now("请选择作分母的数据项"))
        if data.get("denominator") == Denominator.CONSTANT and not data.get("constant"):
            self.add_error("constant", _now("请写基础数据的代号"))
        numeric = data.get("condition_value") is not None
        if data.get("against") and numeric:
            self.add_error("against", _now("与数值比、与另一数据项比，只能选一种"))
        unread = "condition_value" in self.errors
        if data.get("operator") and not numeric and not unread and not data.get("against"):
            self.add_error("condition_value", _now("请写条件的数值"))
        if numeric and not data.get("operator"):
            self.add_error("operator", _now("请选大于、小于还是等于"))
        return data

    def indicator(self, by_class: tuple[tuple[str, Any], ...]) -> specs.IndicatorSpec:
        data = self.cleaned_data
        names = ("code", "name", "definition", "kind", "element", "multiplier", "offset", "unit", "places")
        return specs.IndicatorSpec(
            **{name: data[name] for name in names},
            denominator=self.divisor(),
            condition=self.condition(by_class),
            lines=self.lines | {"condition": self.lines["operator"]},
        )

    def divisor(self) -> specs.DivisorSpec | None:
        data, kind = self.cleaned_data, self.cleaned_data["denominator"]
        if kind == Denominator.NONE:
            return None
        return specs.DivisorSpec(
            kind=kind,
            element=data["over"] if kind == Denominator.ELEMENT else "",
            constant=data["constant"] if kind == Denominator.CONSTANT else "",
            lines=self.lines | {"element": self.lines["over"]},
        )

    def condition(self, by_class: tuple[tuple[str, Any], ...]) -> specs.ConditionSpec | None:
        data = self.cleaned_data
        if not data["operator"] and not data["against"]:
            return None
        return specs.ConditionSpec(
            operator=data["operator"] or ">=",
            value=data["condition_value"],
            by_class=by_class,
            over=data["over"] if data["denominator"] == Denominator.NONE else "",
            against=data["against"],
            lines=self.lines | {"": self.lines["condition_value"], "by_class": self.lines["condition_value"]},
        )


def indicator_initial(row: Indicator) -> dict[str, Any]:
    names = ("code", "name", "kind", "definition", "unit", "places", "denominator", "constant", "multiplier", "offset")
    stated = row.condition_value is not None or row.against is not None
    return {
        **{name: getattr(row, name) for name in names},
        "element": row.element.code,
        "over": row.over.code if row.over else "",
        "operator": row.condition if stated else "",
        "condition_value": row.condition_value,
        "against": row.against.code if row.against else "",
    }


class ClassForm(PartForm):
    """A number of its own for one class of unit."""

    unit_class = forms.ChoiceField(label=_("类别"), choices=CLASSES, required=False)
    value = NumberField(label=LABELS["condition_value"], required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if bool(data.get("unit_class")) != (data.get("value") is not None) and not self.errors:
            self.add_error(None, _now("请把类别和数值都写上；不要的一行全部清空"))
        return data


class ClassLines(BaseFormSet):
    def by_class(self) -> tuple[tuple[str, Any], ...]:
        pairs = {form.cleaned_data.get("unit_class"): form.cleaned_data.get("value") for form in self.forms}
        return tuple((unit_class, value) for unit_class, value in pairs.items() if unit_class)


ClassFormSet = formset_factory(ClassForm, formset=ClassLines, extra=3)


def class_lines(data: Any, row: Indicator | None = None, in_force: bool = False) -> ClassLines:
    made = ClassFormSet(data, prefix="class", initial=classes_initial(row), form_kwargs={"in_force": in_force})
    return cast(ClassLines, made)


def classes_initial(row: Indicator | None) -> list[dict[str, Any]]:
    rows = row.condition_values.order_by("pk") if row else []
    return [{"unit_class": each.unit_class, "value": each.value} for each in rows]


def set_choices(form: forms.Form, name: str, elements: Iterable[DataElement], empty: bool = True) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "—")] * empty + [(each.code, f"{each.name} {each.code}") for each in elements]
