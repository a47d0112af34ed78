"""Fields that several forms have in common, and how a form is laid out."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from institutions.enums import Grade, InstitutionKind, Ownership, RegionLevel
from institutions.models import Institution
from institutions.texts import trim
from targets.forms.fields import LinesField, ListField
from targets.forms.refusal import lines_of
from targets.labels import LABELS
from targets.models import Target
from targets.models.indicator import Scope as ScopeRow
from targets.plan_file import specs
from targets.plan_file.fields import MOST_PARAGRAPH, MOST_WHOLE, VERBATIM

Group = tuple[str | Promise, tuple[str, ...]]
QUOTE_MOST = 40  # as in a plan file
DOUBT_MOST = 300
UNIT_MOST = 40


class PartForm(forms.Form):
    """GROUPS: headings, each with the fields under it. WORDS: what may change once the plan is in force."""

    GROUPS: tuple[Group, ...] = ()
    WORDS: frozenset[str] = frozenset()

    def __init__(self, *args: Any, in_force: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if in_force:
            for name in self.fields.keys() - self.WORDS:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Names and words without what is invisible around them; what is quoted stays as the document has it."""
        typed = super().clean() or self.cleaned_data
        for name, value in typed.items():
            if isinstance(value, str) and name not in VERBATIM:
                typed[name] = trim(value)
        return typed

    @property
    def lines(self) -> dict[str, int]:
        return lines_of(self)

    def groups(self) -> Iterator[tuple[str | Promise, list[BoundField]]]:
        for title, names in self.GROUPS:
            yield title, [self[name] for name in names if name in self.fields]


class ScopeFields(PartForm):
    """Which units. Nothing ticked means any, but of kinds there must be one."""

    kinds = forms.MultipleChoiceField(
        label=_("机构类别"), choices=InstitutionKind, required=False, widget=forms.CheckboxSelectMultiple
    )
    grades = forms.MultipleChoiceField(
        label=_("等级"), choices=Grade, required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选为不限")
    )
    ownerships = forms.MultipleChoiceField(
        label=_("举办主体"),
        choices=Ownership,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选为不限"),
    )
    bureau_level = forms.ChoiceField(
        label=_("行政级别"),
        choices=[("", "—"), *RegionLevel.choices],
        required=False,
        help_text=_("机构类别是卫生健康行政部门或督查机构时选哪一级"),
    )

    def scope(self) -> specs.ScopeSpec:
        data = self.cleaned_data
        return specs.ScopeSpec(
            kinds=tuple(data["kinds"]),
            grades=tuple(data["grades"]),
            ownerships=tuple(data["ownerships"]),
            bureau_level=data["bureau_level"],
            lines=self.lines,
        )


def scope_initial(row: ScopeRow) -> dict[str, Any]:
    return {
        "kinds": row.kinds,
        "grades": row.grades,
        "ownerships": row.ownerships,
        "bureau_level": row.bureau_level,
    }


class CitationFields(PartForm):
    """A draft may lack its quote; it cannot be published without."""

    quote = forms.CharField(
        label=_("原文"),
        max_length=QUOTE_MOST,
        required=False,
        help_text=_("文件中载明这项要求的几个字，一字不差"),
        widget=forms.TextInput(attrs={"class": "long"}),
    )
    prefix = forms.CharField(  # type: ignore[assignment]  # the name of the column; the form's own is not used
        label=LABELS["prefix"], max_length=QUOTE_MOST, required=False, help_text=_("原文重复出现时写")
    )
    suffix = forms.CharField(label=LABELS["suffix"], max_length=QUOTE_MOST, required=False)
    offset = forms.IntegerField(
        label=LABELS["offset"],
        min_value=0,
        max_value=MOST_WHOLE,
        required=False,
        help_text=_("从文件第一个字（记作 0）数起"),
        widget=forms.NumberInput(attrs={"class": "number"}),
    )
    paragraph = forms.IntegerField(
        label=_("段"),
        min_value=1,
        max_value=MOST_PARAGRAPH,
        initial=1,
        help_text=_("条款里的第几段"),
        widget=forms.NumberInput(attrs={"class": "number"}),
    )

    def citation(self) -> specs.CitationSpec:
        data = self.cleaned_data
        return specs.CitationSpec(
            quote=data["quote"],
            offset=data["offset"] or 0,
            paragraph=data["paragraph"],
            prefix=data["prefix"],
            suffix=data["suffix"],
            lines=self.lines,
        )


def citation_initial(row: Target) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("quote", "prefix", "suffix", "offset", "paragraph")}


def doubts_field() -> LinesField:
    return LinesField(
        label=LABELS["anomalies"],
        most=DOUBT_MOST,
        help_text=_("文件里不合常理、前后不一或没有写明的地方，一行一处；照实记下，不改文件"),
    )


def evidence_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=LABELS["evidence"],
        required=False,
        help_text=_("填报为“是”、写明日期或大于 0 时，没有上传文件不能提交；随时可改，不影响判定"),
    )


def units_field(label: str | Promise) -> ListField:
    return ListField(label=label, most=UNIT_MOST, help_text=_("用顿号隔开；文件没有写的留空"))


def texts_of(rows: Iterable[Any]) -> list[str]:
    return [row.text for row in rows]


def codes_of(units: Iterable[Institution]) -> list[str]:
    return [unit.code for unit in units]
