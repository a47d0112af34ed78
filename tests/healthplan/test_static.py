"""What no tool looks at in the templates, css and js: long lines, gaps in Chinese, rules that nothing uses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tinycss2
from django.conf import settings
from django.template import Context, Engine

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
LONGEST = 160
# A line that starts with one of these would show as a gap before it, unless {% unspaced %} takes the break away.
CLINGS = re.compile(r'\s*(\{% translate ")?[，。；：、）”』》？！]')
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
VARIABLE = re.compile(r"var\((--[\w-]+)")
DEFINED = re.compile(r"(--[\w-]+)\s*:")
# Classes of which the sources write the beginning alone; the rest is a key.
PREFIXES = ("status-", "message-", "depth-")


def named(files: list[Path]) -> list[object]:
    return [pytest.param(file, id=str(file.relative_to(ROOT))) for file in files]


def long_lines(text: str) -> list[int]:
    return [at for at, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST]


def gaps(template: str) -> list[int]:
    """Lines that begin with what must cling to the text before it, outside {% unspaced %}."""
    found, inside = [], 0
    for at, line in enumerate(template.splitlines(), 1):
        inside += line.count("{% unspaced %}") - line.count("{% endunspaced %}")
        if not inside and CLINGS.match(line):
            found.append(at)
    return found


def rules(nodes: list[tinycss2.ast.Node]) -> Iterator[tinycss2.ast.QualifiedRule]:
    for node in nodes:
        assert node.type != "error", f"{node.source_line}: {node.message}"
        if node.type == "qualified-rule":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword == "media":
            yield from rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))


def rules_of(file: Path) -> list[tinycss2.ast.QualifiedRule]:
    return list(rules(tinycss2.parse_stylesheet(file.read_text(), skip_comments=True, skip_whitespace=True)))


def sources() -> str:
    files = [*TEMPLATES, *SCRIPTS, *(file for app in ("institutions", "targets", "reports") for file in app_files(app))]
    return "\n".join(file.read_text() for file in files)


def app_files(app: str) -> list[Path]:
    return sorted((ROOT / app).rglob("*.py"))


@pytest.mark.parametrize("file", named([*TEMPLATES, *STYLES, *SCRIPTS]))
def test_no_line_is_long(file):
    assert not long_lines(file.read_text())


def test_a_long_line_would_be_found():
    assert long_lines("\n".join(["中" * LONGEST, "中" * (LONGEST + 1), ""])) == [2]


@pytest.mark.parametrize("file", named(TEMPLATES))
def test_no_line_break_shows_as_a_gap(file):
    assert not gaps(file.read_text())


def test_a_gap_would_be_found():
    assert gaps('<b>1</b>\n{% translate "，" %}\n{% unspaced %}\n1\n，2\n{% endunspaced %}\n  。') == [2, 7]


@pytest.mark.parametrize("file", named(STYLES))
def test_styles_are_flat_and_say_nothing_twice(file):
    """Chromium 109 knows no nesting. A property that stands twice in a rule is a slip."""
    for rule in rules_of(file):
        kept = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
        assert {node.type for node in kept} == {"declaration"}, f"line {rule.source_line}"
        names = [node.name for node in kept]
        assert sorted(set(names)) == sorted(names), f"line {rule.source_line}"


@pytest.mark.parametrize("file", named(STYLES))
def test_every_class_of_a_style_is_used(file):
    used = set(re.findall(r"[\w-]+", sources()))
    classes = {name for rule in rules_of(file) for name in CLASS.findall(tinycss2.serialize(rule.prelude))}
    assert {name for name in classes if name not in used and not name.startswith(PREFIXES)} == set()


def test_every_variable_of_the_styles_is_set_somewhere():
    styles = "\n".join(file.read_text() for file in STYLES)
    assert set(VARIABLE.findall(styles)) <= set(DEFINED.findall(styles + sources()))


@pytest.mark.parametrize(
    ("template", "page"),
    [
        (
            "{% unspaced %}\n  <b>{{ n }}</b>\n  {% if n %}\n    项，\n  {% endif %}\n  {{ n }} 家\n{% endunspaced %}",
            "<b>3</b>项，3 家",
        ),
        (
            "甲\n{% unspaced %}\n  {% for one in many %}\n    {{ one }}\n  {% endfor %}\n{% endunspaced %}\n乙",
            "甲\na\nbc\n乙",
        ),
        ('{% unspaced %}\n  甲\n  {{ " " }}\n  {% include piece %}\n  　乙\n{% endunspaced %}', "甲 <i>\n丙</i>　乙"),
    ],
)
def test_unspaced_leaves_nothing_between_its_lines(template, page):
    engine = Engine(libraries={"unspaced": "institutions.templatetags.unspaced"}, builtins=[])
    piece = engine.from_string("\n<i>\n丙</i>\n")
    made = engine.from_string("{% load unspaced %}" + template)
    assert made.render(Context({"n": 3, "many": ["a\nb", "c"], "piece": piece})) == page
