"""Reads one mapping of a YAML document key by key; whatever is wrong becomes a problem with its line."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Self

import yaml
from django.utils.translation import gettext as _

from institutions.numerals import LARGEST
from institutions.texts import trim
from targets.plan_file.specs import NO_DAY, FileProblem

TEXT, WHOLE, REAL, FLAG, DAY, NULL = (
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "timestamp", "null")
)
SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
PLAIN_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
FIRST_YEAR, LAST_YEAR = 1949, 2100
VERBATIM = ("quote", "prefix", "suffix")  # as the document has them, with their blanks
UNKEPT = ("Cc", "Cs")
MOST_WHOLE, MOST_PARAGRAPH = 2**31 - 1, 2**15 - 1  # what their columns hold
SMALLEST_STEP = -4


class Fields:
    """Call a reading method for each key that may stand here, then `finish`, which names the others."""

    def __init__(self, node: yaml.MappingNode, where: str, problems: list[FileProblem]) -> None:
        self.where = where
        self.problems = problems
        self.nodes: dict[str, yaml.Node] = {}
        self.lines = {"": line_of(node)}
        self.asked: list[str] = []
        for key, value in node.value:
            self._keep(key, value)

    def _keep(self, key: yaml.Node, value: yaml.Node) -> None:
        if not isinstance(key, yaml.ScalarNode):
            self.problems.append(FileProblem(line_of(key), _("%s里的键应为一个词") % self.where))
        elif key.value in self.nodes:
            self.problems.append(FileProblem(line_of(key), _("%s里的“%s”写了两次") % (self.where, key.value)))
        else:
            self.nodes[key.value] = value
            self.lines[key.value] = line_of(key)

    def finish(self) -> dict[str, int]:
        """The lines of the keys; a key that nobody asked for is a problem."""
        for key in self.nodes.keys() - set(self.asked):
            allowed = "、".join(self.asked)
            self.complain(key, _("%s里没有“%s”这一项，可用的是：%s") % (self.where, key, allowed))
        return self.lines

    def complain(self, key: str, message: str) -> None:
        self.problems.append(FileProblem(self.lines.get(key, self.lines[""]), message))

    def has(self, key: str) -> bool:
        return key in self.nodes

    def _node(self, key: str, required: bool) -> yaml.Node | None:
        """The value's node; None where there is none, or null."""
        self.asked.append(key)
        node = self.nodes.get(key)
        if node is not None and node.tag == NULL:
            node = None
        if node is None and required:
            text = _("%s的“%s”是空的") if key in self.nodes else _("%s缺少“%s”")
            self.complain(key, text % (self.where, key))
        return node

    def _scalar(self, key: str, tags: Iterable[str], wanted: str, required: bool) -> str | None:
        node = self._node(key, required)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or node.tag not in tags:
            self.complain(key, _("%s的“%s”应为%s") % (self.where, key, wanted))
            return None
        return self._kept(key, node)

    def _kept(self, key: str, node: yaml.ScalarNode) -> str | None:
        """The scalar; with a sign that cannot be kept it is a problem and None."""
        if any(sign not in "\n\t" and unicodedata.category(sign) in UNKEPT for sign in node.value):
            self.problems.append(FileProblem(line_of(node), _("%s的“%s”里有看不见的控制字符") % (self.where, key)))
            return None
        return str(node.value)

    def text(self, key: str, most: int = 0, required: bool = True) -> str:
        value = self._scalar(key, [TEXT], _("文字（像数字、日期的请加引号）"), required)
        if value is not None and key not in VERBATIM:
            value = trim(value)
        if value is not None and required and not value.strip():
            self.complain(key, _("%s的“%s”是空的") % (self.where, key))
        if value and most and len(value) > most:
            self.complain(key, _("%s的“%s”有%d个字，最多%d个") % (self.where, key, len(value), most))
        return value or ""

    def slug(self, key: str, most: int = 80, required: bool = True) -> str:
        value = self.text(key, most, required)
        if value and not SLUG.fullmatch(value):
            self.complain(key, _("%s的“%s”应为小写字母、数字和连字符，现为“%s”") % (self.where, key, value))
        return value

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of `choices`; required where there is no default. Empty when it could not be read."""
        value = self._scalar(key, [TEXT], _("一个词"), required=default is None)
        if value is None:
            return default or ""
        return self._checked(key, value, list(choices))

    def _checked(self, key: str, value: str, choices: list[str]) -> str:
        if value in choices:
            return value
        allowed = "、".join(choices)
        self.complain(key, _("%s的“%s”不能是“%s”，只能是：%s") % (self.where, key, value, allowed))
        return ""

    def number(self, key: str, required: bool = False) -> Decimal | None:
        value = self._scalar(key, [WHOLE, REAL], _("数"), required)
        return None if value is None else self._decimal(key, value)

    def _decimal(self, key: str, text: str) -> Decimal | None:
        if not PLAIN_NUMBER.fullmatch(text):
            self.complain(key, _("%s的“%s”应为普通写法的数，现为“%s”") % (self.where, key, text))
            return None
        value = Decimal(text)
        exponent = value.normalize().as_tuple().exponent
        if abs(value) >= LARGEST or (isinstance(exponent, int) and exponent < SMALLEST_STEP):
            self.complain(key, _("%s的“%s”应小于一万亿、小数最多4位，现为%s") % (self.where, key, text))
            return None
        return value

    def whole(self, key: str, default: int = 0, required: bool = False, most: int = MOST_WHOLE) -> int:
        value = self.number(key, required)
        if value is None:
            return default
        if value != int(value) or value < 0:
            self.complain(key, _("%s的“%s”应为不小于0的整数") % (self.where, key))
            return default
        if value > most:
            self.complain(key, _("%s的“%s”最大为%d，现为%d") % (self.where, key, most, value))
            return default
        return int(value)

    def flag(self, key: str) -> bool:
        value = self._scalar(key, [FLAG], _("true 或 false"), required=False)
        return value is not None and value.lower() in ("true", "yes", "on")

    def day(self, key: str, required: bool = True) -> date | None:
        value = self._scalar(key, [DAY], _("日期，如2023-12-31"), required)
        if value is None:
            return None
        return self._day(key, value)

    def _day(self, key: str, text: str) -> date | None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.complain(key, _("%s的“%s”不是日历上的日期：%s") % (self.where, key, text))
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.complain(key, _("%s的“%s”应在%d年至%d年之间：%s") % (self.where, key, FIRST_YEAR, LAST_YEAR, text))
            return None
        return day

    def sure_day(self, key: str) -> date:
        return self.day(key) or NO_DAY

    def texts(self, key: str, most: int = 0, choices: Iterable[str] = (), required: bool = False) -> tuple[str, ...]:
        """A list of words, of `choices` where given."""
        read = []
        for value in map(trim, self._scalars(key, [TEXT], _("一串文字"), required)):
            if most and len(value) > most:
                self.complain(key, _("%s的“%s”里有一条%d个字，最多%d个") % (self.where, key, len(value), most))
            read.append(self._checked(key, value, list(choices)) if choices else value)
        return tuple(value for value in read if value)

    def numbers(self, key: str) -> tuple[Decimal, ...]:
        texts = self._scalars(key, [WHOLE, REAL], _("一串数"), required=False)
        return tuple(value for text in texts if (value := self._decimal(key, text)) is not None)

    def days(self, key: str) -> tuple[date, ...]:
        texts = self._scalars(key, [DAY], _("一串日期"), required=False)
        return tuple(day for text in texts if (day := self._day(key, text)))

    def _scalars(self, key: str, tags: list[str], wanted: str, required: bool) -> list[str]:
        node = self._node(key, required)
        if node is None:
            return []
        listed = node.value if isinstance(node, yaml.SequenceNode) else [node]
        parts = [part for part in listed if isinstance(part, yaml.ScalarNode) and part.tag in tags]
        if not isinstance(node, yaml.SequenceNode) or len(parts) < len(listed):
            self.complain(key, _("%s的“%s”应为%s") % (self.where, key, wanted))
            return []
        if required and not parts:
            self.complain(key, _("%s的“%s”是空的") % (self.where, key))
        return [text for part in parts if (text := self._kept(key, part)) is not None]

    def part(self, key: str, where: str, required: bool = True) -> Self | None:
        """The mapping under `key`."""
        node = self._node(key, required)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.complain(key, _("%s的“%s”应为一组“键: 值”") % (self.where, key))
            return None
        return type(self)(node, where, self.problems)

    def parts(self, key: str, where: str, required: bool = False) -> list[Self]:
        """The mappings of the list under `key`."""
        node = self._node(key, required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.complain(key, _("%s的“%s”应为一个清单") % (self.where, key))
            return []
        for wrong in node.value:
            if not isinstance(wrong, yaml.MappingNode):
                message = _("%s的“%s”里每一条应为一组“键: 值”") % (self.where, key)
                self.problems.append(FileProblem(line_of(wrong), message))
        return [type(self)(each, where, self.problems) for each in node.value if isinstance(each, yaml.MappingNode)]

    def named_numbers(self, key: str, choices: Iterable[str]) -> tuple[tuple[str, Decimal], ...]:
        """A mapping from words of `choices` to numbers."""
        part = self.part(key, f"{self.where}的“{key}”", required=False)
        if part is None:
            return ()
        known = [name for name in part.nodes if part._checked(name, name, list(choices))]
        pairs = [(name, part.number(name, required=True)) for name in known]
        return tuple((name, value) for name, value in pairs if value is not None)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
