"""The register as a workbook: its sheets and columns, declared once for writing and reading.

Heads and words are Chinese in every language of the interface: they are the format of the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils import translation

from institutions.enums import Grade, InstitutionKind, Ownership, Role
from institutions.identity import fold_code, fold_username

UNITS, PEOPLE, PLACES, NOTES = "机构", "人员", "行政区划", "说明"
EXAMPLE = "示例"  # a row whose first cell begins so is not read
YES_VALUE = "yes"


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """`length` is the most signs of a text; `choices` maps the words of a list to values; `note` stands in 说明;
    `fold` gives a code or user name its one spelling."""

    name: str
    head: str
    note: str
    width: int = 14
    required: bool = False
    length: int = 0
    choices: Mapping[str, str] = field(default_factory=dict)
    is_day: bool = False
    is_place: bool = False
    fold: Callable[[str], str] = str


def words_of(choices: type[TextChoices]) -> dict[str, str]:
    with translation.override("zh-hans"):
        return {str(label): value for value, label in choices.choices}


UNIT_COLUMNS = (
    RosterColumn(
        "code",
        "机构代码",
        "唯一，不改，不分大小写和全角半角。已有的代码更新该机构，没有的新增。",
        18,
        required=True,
        length=30,
        fold=fold_code,
    ),
    RosterColumn("name", "名称", "机构全称。", 30, required=True, length=80),
    RosterColumn("kind", "类别", "从下拉列表选。", 18, required=True, choices=words_of(InstitutionKind)),
    RosterColumn("grade", "等级", "从下拉列表选；没有等级的留空。", 8, choices=words_of(Grade)),
    RosterColumn("ownership", "举办主体", "从下拉列表选；新机构留空为“政府办”。", 10, choices=words_of(Ownership)),
    RosterColumn("place", "行政区划", "从下拉列表选，见“行政区划”表。", 22, required=True, length=200, is_place=True),
    RosterColumn(
        "reported_by",
        "填报单位代码",
        "由别的机构代为填报的（如村卫生室），填那家机构的代码。",
        18,
        length=30,
        fold=fold_code,
    ),
    RosterColumn(
        "opened",
        "开业日期",
        "如 2024-03-05；新机构留空为本季第一天（还没有填报过的系统为 2000-01-01）。填得更早的，须写明原因。",
        12,
        is_day=True,
    ),
    RosterColumn(
        "closed", "停业日期", "从这一天起停业，当季还没有提交的报表不再报送；没有停业的留空。", 12, is_day=True
    ),
    RosterColumn(
        "merged_into",
        "并入机构代码",
        "停业后并入别的机构的，填那家机构的代码；它代为填报的机构从停业那天起改由那家机构填报。",
        18,
        length=30,
        fold=fold_code,
    ),
    RosterColumn("contact_name", "联系人", "", 10, length=30),
    RosterColumn("contact_phone", "联系电话", "", 16, length=30),
    RosterColumn(
        "moved_on",
        "变动日期",
        "改了行政区划或填报单位的必填：从这一天起归新的地方、由新的单位填报，以前的季度不变。",
        12,
        is_day=True,
    ),
)
PEOPLE_COLUMNS = (
    RosterColumn(
        "username",
        "用户名",
        "登录用，唯一，一人一个：英文字母、数字和 @ . + - _，不分大小写，不用汉字。",
        16,
        required=True,
        length=150,
        fold=fold_username,
    ),
    RosterColumn("display_name", "姓名", "", 12, required=True, length=30),
    RosterColumn("phone", "电话", "", 16, length=30),
    RosterColumn("email", "邮箱", "收催报邮件用。", 24, length=254),
    RosterColumn(
        "role", "角色", "从下拉列表选。一人多个岗位的写多行，用户名相同。", 12, required=True, choices=words_of(Role)
    ),
    RosterColumn(
        "at", "岗位所在", "填报员填机构代码；其他角色填行政区划，见“行政区划”表。", 22, required=True, length=200
    ),
    RosterColumn("closed", "停用", "“是”为停用账号；留空为在用。", 8, choices={"是": YES_VALUE, "否": ""}),
)
SHEETS = {UNITS: UNIT_COLUMNS, PEOPLE: PEOPLE_COLUMNS}
