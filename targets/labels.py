"""What a column, or a word of the plan file, is called on screen."""

import re
from collections.abc import Mapping

from django.db.models import Field, Model
from django.utils.translation import gettext_lazy as _

# Columns without a name of their own in the models, and the keys of the plan file.
LABELS = {
    "accumulates": _("累计方式"),
    "against": _("与哪个数据项比较"),
    "amber_points": _("滞后界线（进度百分点）"),
    "anomalies": _("文件疑点"),
    "asked_of": _("填报单位"),
    "baseline": _("基数"),
    "bureau_level": _("行政级别"),
    "by_class": _("分类条件"),
    "citation": _("引文"),
    "clause": _("条款"),
    "comparator": _("比较方式"),
    "condition": _("条件"),
    "condition_value": _("条件数值"),
    "condition_values": _("分类条件"),
    "constant": _("基础数据代号"),
    "custom_shares": _("各季进度"),
    "denominator": _("分母"),
    "document_sha256": _("文件校验值（SHA-256）"),
    "element": _("数据项"),
    "evidence": _("须附佐证材料"),
    "high": _("上限"),
    "indicator": _("指标"),
    "indicator.offset": _("加数"),
    "item": _("工作任务"),
    "levels": _("等级名称"),
    "milestones": _("节点目标"),
    "multiplier": _("乘数"),
    "offset": _("引文位置"),
    "over": _("除以哪个数据项"),
    "parent": _("上级条款"),
    "part_of": _("属于哪个数据项"),
    "position": _("排序"),
    "prefix": _("前文"),
    "qualitative": _("定性工作"),
    "schedule": _("进度要求"),
    "suffix": _("后文"),
    "targets": _("量化目标"),
    "units": _("点名机构"),
    "whole": _("属于哪个数据项"),
    "window": _("累计区间"),
}
# What the checks say in the plan file's own words, beside its keys; there `offset` is an indicator's.
SPOKEN = {
    "at_due": _("到期考核"),
    "bureau": _("卫生健康行政部门"),
    "deliverable": _("交付事项"),
    "even": _("按季均衡"),
    "offset": LABELS["indicator.offset"],
    "schedule: custom": _("自定进度"),
    "supervision_office": _("政府督查机构"),
    "year": _("按年"),
    "上限 high": LABELS["high"],
}
QUOTED = re.compile(r"(“[^”]*”|\"[^\"]*\")")
GAP = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


def words_pattern(*keys: str) -> re.Pattern[str]:
    longest_first = sorted(keys, key=len, reverse=True)
    return re.compile("(?<![a-z_])(?:{})(?![a-z_])".format("|".join(re.escape(key) for key in longest_first)))


WORDS = words_pattern(*LABELS, *SPOKEN)
UNLIKE_ENGLISH = words_pattern(*(key for key in (*LABELS, *SPOKEN) if "_" in key))


def in_words(sentence: str, names: Mapping[str, str] | None = None) -> str:
    """A check's sentence without the words of the plan file; `names` replace codes that stand in quotes.

    In an English sentence most of them are English words as they stand.
    """
    parts = QUOTED.split(sentence)
    known = UNLIKE_ENGLISH if "".join(parts[::2]).isascii() else WORDS
    read = [name_quoted(part, names or {}) if n % 2 else say_keys(part, known) for n, part in enumerate(parts)]
    return GAP.sub("", "".join(read))


def name_quoted(part: str, names: Mapping[str, str]) -> str:
    return part[0] + names.get(part[1:-1], part[1:-1]) + part[-1]


def say_keys(part: str, known: re.Pattern[str]) -> str:
    return known.sub(lambda found: str(SPOKEN.get(found[0]) or LABELS[found[0]]), part)


def column_label(model: type[Model], name: str) -> str:
    known = LABELS.get(f"{model._meta.model_name}.{name}") or LABELS.get(name)
    if known:
        return str(known)
    column = model._meta.get_field(name)
    return str(column.verbose_name) if isinstance(column, Field) else name
