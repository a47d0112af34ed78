"""What a text says of another document leads somewhere: the file is there, and so is the place in it.

Code cites the design as `docs/design.md#status`; Markdown links relatively. Both are held to anchors that exist:
`<a id="…">`, or a heading's own as GitHub makes it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("docs", "fixtures", "healthplan", "institutions", "reports", "static", "targets", "templates", "tests")
KINDS = {".cfg", ".css", ".html", ".js", ".md", ".po", ".py", ".toml", ".yaml", ".yml", ""}
BINDING = ("design.md", "domain.md")  # cited by rule, never as a whole
NAMING = ("architecture.md", "glossary.md")  # documents that name things of the code

CITATION = re.compile(r"\bdocs/(?P<path>[\w./-]*\w\.md)(?:#(?P<anchor>[\w-]+))?")
BARE = re.compile(rf"(?<![\w/])(?:{'|'.join(map(re.escape, BINDING))})")
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="([^"]+)">')
NAME = re.compile(r"`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)`")
WORD = re.compile(r"[A-Za-z_]\w*")
ELSEWHERE = ("http://", "https://", "mailto:")


@cache
def texts() -> tuple[Path, ...]:
    """Every file that people write, but this one, which names what it looks for."""
    found = [file for file in ROOT.iterdir() if file.is_file()]
    found += [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()]
    return tuple(sorted(file for file in found if file.suffix in KINDS and file != Path(__file__)))


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_of(text: str) -> list[str]:
    plain = FENCE.sub("", text)
    return [*ANCHOR.findall(plain), *(slug(ANCHOR.sub("", heading)) for heading in HEADING.findall(plain))]


@cache
def anchors_in(file: Path) -> frozenset[str]:
    return frozenset(anchors_of(file.read_text(encoding="utf-8")))


def fault(file: Path, anchor: str | None) -> str:
    """Why nothing can be found there; empty where it can."""
    if not file.exists():
        return "no such file"
    return "" if not anchor or anchor in anchors_in(file) else f"no #{anchor} in it"


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Each citation of a document by its path from the root, and what is wrong with it."""
    for found in CITATION.finditer(text):
        yield found[0], fault(ROOT / "docs" / found["path"], found["anchor"])


def links(file: Path) -> Iterator[tuple[str, str]]:
    """Each relative link of a Markdown file, and what is wrong with it."""
    text = CODE.sub("", FENCE.sub("", file.read_text(encoding="utf-8")))
    for found in LINK.finditer(text):
        target = found["target"]
        if not target.startswith(ELSEWHERE):
            path, _, anchor = target.partition("#")
            yield target, fault((file.parent / path).resolve() if path else file, anchor)


def test_every_citation_of_a_document_leads_somewhere():
    found = [
        (named(file), *each)
        for file in texts()
        for each in citations(file.read_text(encoding="utf-8", errors="replace"))
    ]
    assert len(found) > 10
    assert [each for each in found if each[2]] == []


@pytest.mark.parametrize("file", [file for file in texts() if file.suffix == ".md"], ids=named)
def test_every_relative_link_leads_somewhere(file: Path):
    assert [each for each in links(file) if each[1]] == []


def test_code_cites_the_rules_of_the_design_by_path_and_anchor():
    code = {file: file.read_text(encoding="utf-8") for file in texts() if file.suffix == ".py"}
    whole = [
        (named(file), found[0])
        for file, text in code.items()
        for found in CITATION.finditer(text)
        if found["path"] in BINDING and not found["anchor"]
    ]
    assert whole == [], "say which rule: docs/design.md#status"
    assert [named(file) for file, text in code.items() if BARE.search(text)] == [], "begin with docs/"


@pytest.mark.parametrize("name", NAMING)
def test_what_a_document_names_stands_in_the_code(name: str):
    code = [file.read_text(encoding="utf-8") for file in texts() if file.suffix in {".py", ".css", ".toml"}]
    known = {word for text in code for word in WORD.findall(text)} | {file.stem for file in texts()}
    named_here = NAME.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert named_here
    assert [each for each in named_here if not set(each.split(".")) <= known | {"py", "css", "html"}] == []


@pytest.mark.parametrize("name", BINDING)
def test_an_anchor_stands_once_in_its_document(name: str):
    counts = Counter(ANCHOR.findall((ROOT / "docs" / name).read_text(encoding="utf-8")))
    assert counts
    assert [anchor for anchor, count in counts.items() if count > 1] == []


def test_anchors_are_those_of_headings_and_those_that_are_written():
    text = '# Where do I add …?\n<a id="status"></a>\n## 4. Judging: one `rule`\n```\n# no heading\n```\n'
    assert anchors_of(text) == ["status", "where-do-i-add-", "4-judging-one-rule"]


def test_a_broken_link_is_found(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("[here](#b) [there](c.md) `[code](d.md)` [site](https://example.org/)\n## B\n", encoding="utf-8")
    assert [target for target, wrong in links(file) if wrong] == ["c.md"]
