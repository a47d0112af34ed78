"""What is typed of a plan, its clauses and its work items."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.models import Region
from targets.actions.editing.headers import Heading
from targets.enums import JudgedLevel, Strength
from targets.forms.fields import CodeField, DayField, DaysField, PointsField
from targets.forms.parts import (
    CitationFields,
    Group,
    PartForm,
    ScopeFields,
    citation_initial,
    doubts_field,
    evidence_field,
    scope_initial,
    texts_of,
    units_field,
)
from targets.labels import LABELS
from targets.models import Clause, Plan, Target, WorkItem
from targets.models.plan import default_amber_points
from targets.plan_file import specs

FILE_MOST = 1_000_000  # bytes of a plan file
NAME = forms.TextInput(attrs={"class": "long"})


class PlanForm(PartForm):
    GROUPS: tuple[Group, ...] = (
        (_("文件"), ("title", "issuer", "document_number", "published_on", "document_sha256")),
        (_("考核"), ("code", "first_day", "last_day", "judged_levels", "amber_points")),
    )
    WORDS = frozenset(["title", "document_number", "published_on", "document_sha256"])

    title = forms.CharField(label=_("标题"), max_length=120, widget=NAME)
    issuer = forms.ModelChoiceField(label=_("发文地区"), queryset=Region.objects.none(), empty_label=None)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    published_on = DayField(label=_("印发日期"), required=False, help_text=_("文件没有写的留空"))
    document_sha256 = forms.CharField(
        label=LABELS["document_sha256"],
        max_length=64,
        required=False,
        help_text=_("所引文件（UTF-8 文本）的校验值，64 位"),
        widget=forms.TextInput(attrs={"class": "long"}),
    )
    code = CodeField(
        label=_("代号"), max_length=60, help_text=_("小写字母、数字和连字符，如 kaifeng-2023-2025；定了不再改")
    )
    first_day = DayField(label=_("开始日期"))
    last_day = DayField(label=_("结束日期"))
    judged_levels = forms.MultipleChoiceField(
        label=_("考核层级"), choices=JudgedLevel, widget=forms.CheckboxSelectMultiple
    )
    amber_points = PointsField(
        label=LABELS["amber_points"], help_text=_("落后多少个进度百分点以内算滞后，再多算严重滞后；各目标可另定")
    )

    def __init__(self, *args: Any, issuers: Any, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["issuer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = issuers
        self.fields["code"].disabled = plan is not None

    def heading(self) -> Heading:
        data = self.cleaned_data
        header = specs.HeaderSpec(
            code=data["code"],
            title=data["title"],
            issuer=data["issuer"].code or "",
            document_number=data["document_number"],
            published_on=data["published_on"],
            first_day=data["first_day"],
            last_day=data["last_day"],
            judged_levels=tuple(data["judged_levels"]),
            sha256=data["document_sha256"],
            lines=self.lines,
        )
        return Heading(header=header, issuer=data["issuer"], amber_points=data["amber_points"])


def plan_initial(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {"amber_points": default_amber_points()}
    return {name: getattr(plan, name) for _title, names in PlanForm.GROUPS for name in names}


class UploadForm(forms.Form):
    """A plan file, or its text once it was looked at."""

    file = forms.FileField(
        label=_("计划文件"),
        help_text=_("YAML 格式，UTF-8 编码，最大 1 MB"),
        error_messages={"required": _("请选择计划文件")},
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("text")

    def clean(self) -> dict[str, Any]:
        file = self.cleaned_data.get("file")
        if file is None:
            return self.cleaned_data
        if file.size > FILE_MOST:
            self.add_error("file", _("文件超过 1 MB，不像是计划文件"))
            return self.cleaned_data
        try:
            self.cleaned_data["text"] = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("文件不是 UTF-8 编码，请另存为 UTF-8 后再传"))
        return self.cleaned_data


class CloseForm(PartForm):
    GROUPS: tuple[Group, ...] = (("", ("day",)),)

    day = DayField(label=_("结案日期"), help_text=_("这一天所在的季度是最后一个填报和考核的季度"))


class ClauseForm(PartForm):
    GROUPS: tuple[Group, ...] = ((_("条款"), ("path", "title", "after", "lead", "cooperating", "anomalies")),)
    WORDS = frozenset(["title", "after", "lead", "cooperating", "anomalies"])

    path = forms.CharField(
        label=_("条款号"),
        max_length=60,
        help_text=_("照文件印的编号逐级写，用 / 隔开，如 三/（一）/1；没有编号的写标题的前几个字"),
    )
    title = forms.CharField(label=_("标题"), max_length=120, widget=NAME)
    after = forms.ModelChoiceField(
        label=_("排在"),
        queryset=Clause.objects.none(),
        required=False,
        empty_label=_("最前"),
        help_text=_("排在这一条之后"),
    )
    lead = units_field(_("牵头单位"))
    cooperating = units_field(_("配合单位"))
    anomalies = doubts_field()

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["after"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others

    def clause(self) -> specs.ClauseSpec:
        data = self.cleaned_data
        return specs.ClauseSpec(
            path=data["path"],
            title=data["title"],
            lead=data["lead"],
            cooperating=data["cooperating"],
            anomalies=data["anomalies"],
            lines=self.lines,
        )


def clause_initial(clause: Clause, after: Clause | None) -> dict[str, Any]:
    own = clause.anomalies.filter(target=None)
    names = ("path", "title", "lead", "cooperating")
    return {name: getattr(clause, name) for name in names} | {"after": after, "anomalies": texts_of(own)}


class ItemForm(PartForm):
    GROUPS: tuple[Group, ...] = ((_("工作任务"), ("title", "code", "clause", "after", "lead", "cooperating")),)
    WORDS = frozenset(["title", "clause", "after", "lead", "cooperating"])

    title = forms.CharField(label=_("名称"), max_length=80, widget=NAME)
    code = CodeField(label=_("代号"), max_length=80, help_text=_("小写字母、数字和连字符；定了不再改"))
    clause = forms.ModelChoiceField(label=_("条款"), queryset=Clause.objects.none(), empty_label=None)
    after = forms.ModelChoiceField(
        label=_("排在"),
        queryset=WorkItem.objects.none(),
        required=False,
        empty_label=_("条款内最前"),
        help_text=_("排在这一项之后"),
    )
    lead = units_field(_("牵头单位"))
    cooperating = units_field(_("配合单位"))

    def __init__(self, *args: Any, clauses: Any, others: Any, item: WorkItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in (("clause", clauses), ("after", others)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        self.fields["code"].disabled = item is not None

    def item(self) -> specs.ItemSpec:
        data = self.cleaned_data
        return specs.ItemSpec(
            code=data["code"],
            title=data["title"],
            lead=data["lead"],
            cooperating=data["cooperating"],
            lines=self.lines,
        )


def item_initial(item: WorkItem, after: WorkItem | None) -> dict[str, Any]:
    names = ("title", "code", "clause", "lead", "cooperating")
    return {name: getattr(item, name) for name in names} | {"after": after}


class StateForm(ItemForm, ScopeFields, CitationFields):
    """A work item that is answered with a state and an account."""

    GROUPS: tuple[Group, ...] = (
        *ItemForm.GROUPS,
        (_("填报"), ("definition", "kinds", "grades", "ownerships", "bureau_level", "allow_na", "evidence")),
        (_("考核条件"), ("due", "strength")),
        (_("文件依据"), ("quote", "prefix", "suffix", "offset", "paragraph", "anomalies")),
    )
    WORDS = ItemForm.WORDS | {
        "definition",
        "quote",
        "prefix",
        "suffix",
        "offset",
        "paragraph",
        "anomalies",
        "evidence",
    }

    definition = forms.CharField(
        label=_("口径"),
        help_text=_("做到什么算全部完成、什么算基本完成"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    allow_na = forms.BooleanField(label=_("可不适用"), required=False)
    due = DaysField(label=_("期限"), help_text=_("一行一个日期，一年最多一个；留空为计划结束日"))
    strength = forms.ChoiceField(label=_("约束力"), choices=Strength)
    anomalies = doubts_field()
    evidence = evidence_field()

    def item(self) -> specs.ItemSpec:
        data = self.cleaned_data
        qualitative = specs.QualitativeSpec(
            asked_of=self.scope(),
            due=data["due"],
            definition=data["definition"],
            strength=data["strength"],
            allow_na=data["allow_na"],
            evidence=data["evidence"],
            lines=self.lines,
        )
        return specs.ItemSpec(
            code=data["code"],
            title=data["title"],
            lead=data["lead"],
            cooperating=data["cooperating"],
            qualitative=qualitative,
            citation=self.citation(),
            anomalies=data["anomalies"],
            lines=self.lines,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("kinds"):
            self.add_error("kinds", _("请选择由谁填报"))
        return self.cleaned_data


def state_initial(item: WorkItem, target: Target, after: WorkItem | None) -> dict[str, Any]:
    terms = target.terms.earliest("effective_from")
    element = target.indicator.element
    return {
        **item_initial(item, after),
        **scope_initial(target),
        **citation_initial(target),
        "definition": element.definition,
        "allow_na": element.allow_not_applicable,
        "evidence": target.needs_evidence,
        "due": list(terms.milestones.order_by("due").values_list("due", flat=True)),
        "strength": terms.strength,
        "anomalies": texts_of(target.anomalies.all()),
    }
