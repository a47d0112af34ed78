"""Invented forms: Django's fields as the administration's pages have them, and the questions of a return."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from institutions.enums import Grade, InstitutionKind, Ownership
from institutions.models import Institution
from reports.questions.answers import Question
from reports.questions.checks import check_patterns
from reports.returns.forms.return_form import AnswerCell, FormTopic
from targets.enums import Accumulation, ElementType
from targets.forms.fields import CodeField, DayField
from targets.models import DataElement


class SampleForm(forms.Form):
    """A field for every state in which components/field.html draws one."""

    name = forms.CharField(label=lazy("机构名称"))
    phone = forms.CharField(label=lazy("联系电话"), required=False)
    day = DayField(label=lazy("生效日期"), help_text=lazy("这一天及以后结束的季度都按新条件考核"))
    code = CodeField(label=lazy("代号"), help_text=lazy("小写字母、数字和连字符；定了不再改"))
    kind = forms.ChoiceField(label=lazy("类别"), choices=InstitutionKind)
    locked = forms.CharField(label=lazy("单位"), disabled=True)
    words = forms.CharField(label=lazy("口径"), widget=forms.Textarea(attrs={"rows": 2}))
    grades = forms.MultipleChoiceField(
        label=lazy("等级"),
        choices=Grade,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("不选为不限"),
    )
    owners = forms.MultipleChoiceField(label=lazy("举办主体"), choices=Ownership, widget=forms.CheckboxSelectMultiple)
    tick = forms.BooleanField(label=lazy("可不适用"), required=False)


def sample_form(prefix: str) -> SampleForm:
    """As it comes back with two errors. prefix: keeps the ids of two forms on one page apart."""
    typed = {"name": "城关镇卫生院", "day": "2024-01-01", "code": "KF 1", "kind": "hospital", "tick": "on"}
    chosen: dict[str, Any] = {"words": "年末在岗的执业（助理）医师", "grades": ["central"]}
    return SampleForm(typed | chosen, initial={"locked": "%"}, auto_id=f"{prefix}-%s")


def question(name: str, kind: ElementType, last: int | None = None, is_state: bool = False, **facts: Any) -> Question:
    element = DataElement(name=name, type=kind, **{"accumulation": Accumulation.STOCK} | facts)
    unit = Institution(name="城关镇卫生院")
    return Question(element, unit, None if last is None else Decimal(last), qualitative=is_state)


def topic(subject: int) -> FormTopic:
    """A question for every kind of field, and its states. subject: keeps the ids of two topics on one page apart."""
    said, changed = check_patterns(), _("%(who)s 改为 %(what)s") % {"who": "李四", "what": "52"}
    staff: dict[str, Any] = {"unit": "人", "definition": "以季末在册为准。"}
    grades, states = ["未达标", "基本标准", "推荐标准"], ["未完成", "基本完成", "全部完成"]
    count, yes_no, level, day = ElementType.COUNT, ElementType.YESNO, ElementType.LEVEL, ElementType.DATE
    rise = said["rise"].format(before=30, percent=967)
    cells = [
        AnswerCell(question("执业（助理）医师", count, 36, **staff)),
        AnswerCell(question("注册护士", count, 41, **staff), "41"),
        AnswerCell(question("全科医生", count, 4, **staff), "四", error=said["number"].format(typed="四")),
        AnswerCell(question("乡村医生", count, 30, **staff), "320", hints=[rise], wants_note=True),
        AnswerCell(question("床位", count, 50, unit="张"), "60", remark="请核对执业许可证", other=changed),
        AnswerCell(question("开展中医药服务", yes_no, 1), "是"),
        AnswerCell(
            question("开展产科服务", yes_no, allow_not_applicable=True), not_applicable=True, note="本院不设产科"
        ),
        AnswerCell(question("达到的标准", level, 1, levels=grades), "推荐标准"),
        AnswerCell(question("中医馆建成日期", day), "2023-11-20"),
        AnswerCell(
            question("成立健康行动推进委员会", level, 0, is_state=True, levels=states), "基本完成", note="已发文。"
        ),
    ]
    for number, cell in enumerate(cells, 1):
        cell.element.pk, cell.question.subject.pk = number, subject
    return FormTopic("", "1", cells, cells, None)
