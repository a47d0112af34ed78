"""The English texts: complete, nothing left over, placeholders kept, compiled only when needed, and seen on a page."""

import os
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation.template import templatize

from healthplan.messages import LOCALE, compile_messages
from targets.periods import Quarter, day_label

ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
APPS = ("healthplan", "institutions", "targets", "reports")
# The names under which the sources import gettext's functions.
KEYWORDS = {
    **dict.fromkeys(("_", "lazy", "gettext", "gettext_lazy")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
PERCENT = re.compile(r"%(\(\w+\))?\w")
BRACES = re.compile(r"\{\w+\}")

MsgId = str | tuple[str, ...]


def as_python(template: str) -> str:
    """A template as Django shows it to an extractor of Python; the tokenizer minds the leading blanks."""
    return "\n".join(line.lstrip() for line in templatize(template).splitlines())


def sources() -> Iterator[tuple[Path, str]]:
    for folder in APPS:
        for file in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            yield file, file.read_text()
    for file in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        yield file, as_python(file.read_text())


def used() -> dict[tuple[str | None, MsgId], str]:
    """Every message of the sources, by context and id, with one place where it stands."""
    found: dict[tuple[str | None, MsgId], str] = {}
    for file, text in sources():
        for line, message, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
            key = message if isinstance(message, str) else tuple(message)
            found.setdefault((context, key), f"{file.relative_to(settings.BASE_DIR)}:{line}")
    return found


def catalog() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def messages() -> list[Message]:
    return [message for message in catalog() if message.id]


def texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def placeholders(text: str, flags: set[str]) -> list[str]:
    """In order; by name where they have names, which a translator may put in another order."""
    if "python-brace-format" in flags:
        return sorted(BRACES.findall(text))
    found = list(PERCENT.finditer(text))
    written = [each.group() for each in found]
    return sorted(written) if all(each[1] for each in found) else written


def test_every_message_of_the_sources_is_found():
    known = used()
    assert len(known) > 500
    assert (None, "健康计划目标管理") in known  # of a template
    assert (None, "退回待重报") in known  # of a module, marked with gettext_lazy
    assert (None, "%(count)s 处请核实") in known  # of a blocktranslate


def test_every_message_has_an_english_text():
    translated = {
        (message.context, message.id if isinstance(message.id, str) else tuple(message.id))
        for message in messages()
        if not message.fuzzy and all(texts(message.string))
    }
    missing = {key[1]: place for key, place in used().items() if key not in translated}
    assert not missing


def test_no_english_text_is_left_over():
    known = set(used())
    kept = {(each.context, each.id if isinstance(each.id, str) else tuple(each.id)) for each in messages()}
    assert not kept - known
    assert not catalog().obsolete


def test_placeholders_agree():
    for message in messages():
        if not {"python-format", "python-brace-format"} & message.flags:
            continue
        for msgid, msgstr in zip(texts(message.id), texts(message.string), strict=True):
            assert placeholders(msgid, message.flags) == placeholders(msgstr, message.flags), msgid


def test_what_holds_a_placeholder_is_marked_so():
    """The mark is what makes the check above, and that of every translator's tool, look at it."""
    for message in messages():
        first = texts(message.id)[0]
        assert ("python-format" in message.flags) == bool(PERCENT.search(first)), first
        assert ("python-brace-format" in message.flags) == bool(BRACES.search(first)), first


def test_no_chinese_in_the_english_texts():
    chinese = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    assert not [text for message in messages() for text in texts(message.string) if chinese.search(text)]


def test_dates_not_done_are_read_back_in_english():
    """A field of a date takes its words without blanks, so the English word may hold none."""
    assert " " not in str(catalog()["尚未完成"].string)


@pytest.mark.django_db
def test_the_login_page_speaks_english_to_an_english_browser(english, client: Client):
    page = client.get(reverse("login"), headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en">' in page
    assert "<h1>Log in</h1>" in page
    assert "登录" not in page


@pytest.mark.django_db
def test_the_login_page_is_chinese_without_a_wish(english, client: Client):
    page = client.get(reverse("login"), headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="zh-CN">' in page
    assert "<h1>登录</h1>" in page


def test_quarters_and_days_are_written_in_the_language_of_the_page(english):
    assert (Quarter(2023, 4).label, day_label(date(2023, 3, 5))) == ("2023年第四季度", "2023年3月5日")
    with translation.override("en"):
        assert (Quarter(2023, 4).label, day_label(date(2023, 3, 5))) == ("Q4 2023", "5 Mar 2023")
        assert Quarter(2023, 4).in_chinese == "2023年第四季度"


@pytest.fixture
def small(tmp_path: Path) -> SimpleNamespace:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "是"\nmsgstr "Yes"\n')
    return SimpleNamespace(root=tmp_path, source=source, compiled=folder / "django.mo")


def test_compiles_what_is_not_compiled(small):
    assert compile_messages(small.root) == [small.source]
    with small.compiled.open("rb") as file:
        assert read_mo(file)["是"].string == "Yes"
    assert sorted(small.source.parent.iterdir()) == [small.compiled, small.source]


def test_does_nothing_where_the_compiled_file_is_newer(small):
    compile_messages(small.root)
    before = small.compiled.stat()
    assert compile_messages(small.root) == []
    assert small.compiled.stat() == before


def test_compiles_anew_after_a_change(small):
    compile_messages(small.root)
    later = small.compiled.stat().st_mtime_ns + 1
    small.source.write_text(small.source.read_text().replace("Yes", "Aye"))
    os.utime(small.source, ns=(later, later))
    assert compile_messages(small.root) == [small.source]
    with small.compiled.open("rb") as file:
        assert read_mo(file)["是"].string == "Aye"
