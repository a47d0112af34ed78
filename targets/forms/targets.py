"""What is typed of a target: its words, its terms, its milestones, who answers for it; and of a revision."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from institutions.models import Region
from targets.actions.editing.contacts import ContactEntry
from targets.enums import Comparator, IndicatorKind, Schedule, Strength, Window
from targets.forms.fields import CodeField, DayField, LinesField, NumberField, NumbersField, PointsField
from targets.forms.outline import NAME
from targets.forms.parts import (
    CitationFields,
    PartForm,
    ScopeFields,
    citation_initial,
    codes_of,
    doubts_field,
    evidence_field,
    scope_initial,
    texts_of,
)
from targets.forms.refusal import lines_of
from targets.labels import LABELS
from targets.models import Indicator, Target, Terms
from targets.plan_file import specs
from targets.plan_file.fields import MOST_WHOLE
from targets.plan_file.specs import ScopeSpec

CODE_MOST = 30
TERMS = ("comparator", "strength", "window", "schedule", "custom_shares", "baseline", "amber_points")
EMPTY_LINES = 3


class TermsFields(PartForm):
    """How the target is judged, but for its milestones."""

    comparator = forms.ChoiceField(label=LABELS["comparator"], choices=Comparator)
    strength = forms.ChoiceField(label=_("约束力"), choices=Strength)
    window = forms.ChoiceField(
        label=LABELS["window"], choices=Window, help_text=_("按年：每年一月重新累计；按计划期：一直累计")
    )
    schedule = forms.ChoiceField(
        label=LABELS["schedule"],
        choices=Schedule,
        initial=Schedule.AT_DUE,
        help_text=_("合计10个以上的总量一般按季均衡，稳定、保持类始终保持，其余到期考核"),
    )
    custom_shares = NumbersField(
        label=LABELS["custom_shares"], help_text=_("自定进度才填：各季累计百分比，如 10、40、75、100")
    )
    baseline = NumberField(label=LABELS["baseline"], required=False, help_text=_("文件写明的起点；没有的留空"))
    amber_points = PointsField(label=LABELS["amber_points"], required=False, help_text=_("留空用计划的界线"))

    def terms(self) -> dict[str, Any]:
        """As `specs.TargetSpec` has them."""
        names = ("comparator", "strength", "window", "schedule", "custom_shares", "baseline")
        return {name: self.cleaned_data[name] for name in names}


class TargetForm(ScopeFields, TermsFields, CitationFields):
    GROUPS = (
        (_("目标"), ("name", "code", "indicator")),
        (_("范围"), ("kinds", "grades", "ownerships", "bureau_level", "units")),
        (_("考核条件"), TERMS),
        (_("文件依据"), ("quote", "prefix", "suffix", "offset", "paragraph", "anomalies")),
        (_("填报要求"), ("evidence",)),
    )

    name = forms.CharField(label=_("名称"), max_length=80, widget=NAME)
    code = CodeField(label=_("代号"), max_length=80, help_text=_("小写字母、数字和连字符；定了不再改"))
    indicator = forms.ChoiceField(label=LABELS["indicator"])
    units = LinesField(
        label=LABELS["units"], most=CODE_MOST, help_text=_("文件点名到机构时写，一行一个机构代码；没有点名的留空")
    )
    anomalies = doubts_field()
    evidence = evidence_field()

    def __init__(
        self, *args: Any, indicators: Iterable[Indicator], target: Target | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = {row.code: row for row in indicators}
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = indicators_by_kind(self.indicators.values())
        self.fields["code"].disabled = target is not None
        self.fields["kinds"].help_text = _("不选则与指标数据项的填报单位相同")

    def target(self, milestones: tuple[specs.MilestoneSpec, ...]) -> specs.TargetSpec:
        data = self.cleaned_data
        return specs.TargetSpec(
            code=data["code"],
            name=data["name"],
            indicator=data["indicator"],
            scope=self.own_scope(),
            **self.terms(),
            units=data["units"],
            milestones=milestones,
            citation=self.citation(),
            evidence=data["evidence"],
            anomalies=data["anomalies"],
            lines=self.lines,
        )

    def own_scope(self) -> ScopeSpec:
        """Without kinds that of the indicator's element."""
        scope = self.scope()
        if scope.kinds:
            return scope
        element = self.indicators[self.cleaned_data["indicator"]].element
        return replace(
            scope,
            kinds=tuple(element.kinds),
            grades=scope.grades or tuple(element.grades),
            ownerships=scope.ownerships or tuple(element.ownerships),
            bureau_level=scope.bureau_level or element.bureau_level,
        )


def indicators_by_kind(indicators: Iterable[Indicator]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {str(kind.label): [] for kind in IndicatorKind}
    for row in indicators:
        unit = _now("（%(what)s）") % {"what": row.unit} if row.unit else ""
        groups[str(IndicatorKind(row.kind).label)].append((row.code, f"{row.name}{unit} {row.code}"))
    return [(kind, rows) for kind, rows in groups.items() if rows]


class WordsForm(CitationFields):
    """What may change of a target in force."""

    GROUPS = (
        (_("目标"), ("name",)),
        (_("文件依据"), ("quote", "prefix", "suffix", "offset", "paragraph", "anomalies")),
        (_("填报要求"), ("evidence",)),
    )

    name = forms.CharField(label=_("名称"), max_length=80, widget=NAME)
    anomalies = doubts_field()
    evidence = evidence_field()


def words_initial(target: Target) -> dict[str, Any]:
    return {
        "name": target.name,
        "anomalies": texts_of(target.anomalies.all()),
        "evidence": target.needs_evidence,
        **citation_initial(target),
    }


def terms_initial(terms: Terms | None) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in TERMS} if terms else {}


def target_initial(target: Target, terms: Terms | None) -> dict[str, Any]:
    return {
        "code": target.code,
        "indicator": target.indicator.code,
        "units": codes_of(target.units.all()),
        **words_initial(target),
        **scope_initial(target),
        **terms_initial(terms),
    }


class RevisionForm(TermsFields):
    """New terms beside the present ones, from when, why, and by which document."""

    GROUPS = (
        (_("修订"), ("effective_from", "document", "reason")),
        (_("考核条件"), TERMS),
    )

    effective_from = DayField(label=_("生效日期"), help_text=_("这一天及以后结束的季度都按新条件考核"))
    document = forms.CharField(
        label=_("修订依据"), max_length=120, help_text=_("作出修订的文件名称和文号"), widget=NAME
    )
    reason = forms.CharField(label=_("修订原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def revised(self, present: specs.TargetSpec, milestones: tuple[specs.MilestoneSpec, ...]) -> specs.TargetSpec:
        """The target with its new terms; problems of what stays as it is stand above the form."""
        return replace(present, **self.terms(), milestones=milestones, lines=self.lines)


class RevisedMilestoneForm(forms.Form):
    """Where it stays as it was it keeps the plan's words; otherwise the revision's document stands for it."""

    due = DayField(label=_("期限"), required=False)
    value = NumberField(label=_("目标值"), required=False)
    high = NumberField(label=LABELS["high"], required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        typed = any(value not in (None, "") for name, value in data.items() if name != "due")
        if typed and not data.get("due") and "due" not in self.errors:
            self.add_error("due", _now("请写期限"))
        return data


class MilestoneForm(RevisedMilestoneForm):
    quote = forms.CharField(label=_("原文"), max_length=40, required=False)
    offset = forms.IntegerField(
        label=LABELS["offset"],
        min_value=0,
        max_value=MOST_WHOLE,
        required=False,
        widget=forms.NumberInput(attrs={"class": "number"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("quote") and data.get("offset") is None and "offset" not in self.errors:
            self.add_error("offset", _now("请写原文在文件里的位置"))
        return data


class MilestoneLines(BaseFormSet):
    """A line a milestone; one without a day is none."""

    def milestones(self, first: int = 1) -> tuple[specs.MilestoneSpec, ...]:
        """By day. `first` is the place of the first line among the forms of the page."""
        made = [self.milestone(form, first + n) for n, form in enumerate(self.forms) if form.cleaned_data.get("due")]
        return tuple(sorted(made, key=lambda each: each.due))

    def milestone(self, form: forms.Form, number: int) -> specs.MilestoneSpec:
        data = form.cleaned_data
        quoted = bool(data.get("quote"))
        return specs.MilestoneSpec(
            due=data["due"],
            value=data["value"],
            high=data["high"],
            quote=data.get("quote", ""),
            offset=data.get("offset") if quoted else None,
            lines=lines_of(form, number),
        )


MilestoneFormSet = formset_factory(MilestoneForm, formset=MilestoneLines, extra=EMPTY_LINES)
RevisedMilestoneFormSet = formset_factory(RevisedMilestoneForm, formset=MilestoneLines, extra=EMPTY_LINES)


def milestone_lines(data: Any, initial: list[dict[str, Any]], revised: bool = False) -> MilestoneLines:
    made = RevisedMilestoneFormSet if revised else MilestoneFormSet
    return cast(MilestoneLines, made(data, prefix="milestone", initial=initial))


def milestones_initial(terms: Terms | None) -> list[dict[str, Any]]:
    names = ("due", "value", "high", "quote", "offset")
    rows = sorted(terms.milestones.all(), key=lambda row: row.due) if terms else []
    return [{name: getattr(row, name) for name in names} for row in rows]


class ContactForm(forms.Form):
    region = forms.ChoiceField(label=_("地区"), required=False)
    name = forms.CharField(label=_("责任人"), max_length=30, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *regions]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        filled = [name for name in ("region", "name", "phone") if data.get(name)]
        if filled and len(filled) < 3:
            self.add_error(None, _now("请把地区、责任人和电话写全；不要的一行全部清空"))
        return data


class ContactLines(BaseFormSet):
    def clean(self) -> None:
        regions = [form.cleaned_data.get("region") for form in self.forms if hasattr(form, "cleaned_data")]
        for n, region in enumerate(regions):
            if region and region in regions[:n]:
                self.forms[n].add_error("region", _now("这个地区已写了一位责任人"))

    def people(self) -> Iterator[ContactEntry]:
        for form in self.forms:
            data = form.cleaned_data
            if data.get("region"):
                yield ContactEntry(int(data["region"]), data["name"], data["phone"])


ContactFormSet = formset_factory(ContactForm, formset=ContactLines, extra=EMPTY_LINES)


def contact_lines(data: Any, regions: Iterable[Region], target: Target | None = None) -> ContactLines:
    choices = [(str(region.pk), region.name) for region in regions]
    initial = contacts_initial(target) if target else []
    made = ContactFormSet(data, prefix="contact", initial=initial, form_kwargs={"regions": choices})
    return cast(ContactLines, made)


def contacts_initial(target: Target) -> list[dict[str, Any]]:
    return [
        {"region": str(row.region_id), "name": row.name, "phone": row.phone}
        for row in target.contacts.order_by("region__position", "region")
    ]
