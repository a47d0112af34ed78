"""What is typed of 问题与措施. A draft may be unfinished; what it still wants stands in `lacking`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.base.enums import Difficulty
from reports.models import Explanation
from reports.returns.actions.explanations import ExplanationInput
from targets.forms.fields import DayField

WORDS_MOST = 1000
FIELDS = ("causes", "problem", "measures", "finish_by")


class ExplanationForm(forms.Form):
    causes = forms.MultipleChoiceField(
        label=_("问题类别"), choices=Difficulty, required=False, widget=forms.CheckboxSelectMultiple
    )
    problem = forms.CharField(
        label=_("存在问题"), max_length=WORDS_MOST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    measures = forms.CharField(
        label=_("下一步措施"), max_length=WORDS_MOST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    finish_by = DayField(label=_("计划完成日期"), required=False)

    def words(self) -> list[forms.BoundField]:
        """What is written, side by side; wanted before the return is handed in, though a draft may lack it."""
        return [self["problem"], self["measures"]]

    def told(self, target_id: int) -> ExplanationInput:
        data = self.cleaned_data
        return ExplanationInput(target_id, tuple(data["causes"]), data["problem"], data["measures"], data["finish_by"])


def form_for(target_id: int, said: Explanation | None, data: Any = None) -> ExplanationForm:
    """Of one target among those on the page."""
    return ExplanationForm(data, prefix=f"t{target_id}", initial=initial_of(said))


def initial_of(said: Explanation | None) -> dict[str, Any]:
    return {name: getattr(said, name) for name in FIELDS} if said else {}
