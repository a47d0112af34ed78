"""The days of a quarter, and more time for some."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.enums import RegionLevel
from institutions.models import Region, User
from reports.models import Extension, ReturnPeriod
from reports.returns.queries.calendar import keeps_all, kept_regions, unit_of
from targets.periods import Quarter

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ALL, REGION, UNIT = "all", "region", "unit"


class PeriodForm(forms.ModelForm):
    class Meta:
        model = ReturnPeriod
        fields = ["due_on", "review_by", "closes_on"]
        widgets = dict.fromkeys(fields, DAY)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        due_on, review_by, closes_on = (cleaned.get(name) for name in self._meta.fields or ())
        if due_on and review_by and review_by < due_on:
            raise forms.ValidationError(_("审核截止日不能早于填报截止日。"))
        if due_on and closes_on and closes_on < due_on:
            raise forms.ValidationError(_("关账日不能早于填报截止日。"))
        return cleaned


class ExtensionForm(forms.ModelForm):
    """For whom is one choice; the county or the unit beside it is asked for only with its own."""

    scope = forms.ChoiceField(label=gettext_lazy("延期范围"), widget=forms.RadioSelect)
    region = forms.ModelChoiceField(label=gettext_lazy("地区"), queryset=Region.objects.none(), required=False)
    unit = forms.CharField(
        label=gettext_lazy("单位"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("填机构代码或机构全称。"),
    )

    class Meta:
        model = Extension
        fields = ["due_on", "review_by", "reason", "document"]
        widgets = {"due_on": DAY, "review_by": DAY, "reason": forms.TextInput(attrs={"size": 40})}

    field_order = ["scope", "region", "unit", *Meta.fields]

    def __init__(self, user: User, quarter: Quarter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.quarter = user, quarter
        regions = kept_regions(user).exclude(level=RegionLevel.TOWNSHIP)
        scopes = [(ALL, _("全部单位"))] if keeps_all(user, quarter) else []
        cast(forms.ChoiceField, self.fields["scope"]).choices = [
            *scopes,
            (REGION, _("一个地区")),
            (UNIT, _("一个单位")),
        ]
        region = cast("forms.ModelChoiceField[Region]", self.fields["region"])
        region.queryset = regions.highest_first()

    @property
    def whom(self) -> list[forms.BoundField]:
        """Asked for only with their own choice of `scope`."""
        return [self["region"], self["unit"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        scope, text = cleaned.get("scope"), cleaned.get("unit", "").strip()
        if scope == REGION and not cleaned.get("region"):
            self.add_error("region", _("请选择地区。"))
        self.instance.quarter = self.quarter.ordinal
        self.instance.region = cleaned.get("region") if scope == REGION else None
        self.instance.institution = unit_of(self.user, self.quarter, text) if scope == UNIT else None
        if scope == UNIT and self.instance.institution is None:
            self.add_error("unit", _("本季应报单位中没有“%(text)s”，请核对机构代码或全称。") % {"text": text})
        return cleaned
