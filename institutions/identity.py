"""One spelling of every code and user name, however it was typed: that is what is stored and what is looked up.

Width (NFKC), case, the kind of dash and invisible signs tell nothing apart. The fields fold what they are given, to
store and to look up; what is compared elsewhere is folded by the same functions.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.texts import strip_blanks, trim

DASHES = dict.fromkeys(
    map(
        ord,
        "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u00ad\u2500\u30fc\u05be\u1806\u2e3a\u2e3b\ufe58\ufe63\uff0d",
    ),
    "-",
)
UNSEEN = ("Cc", "Cf")
# Without width or ink, and yet of another class: joiners, fillers, variation selectors, the empty Braille cell.
FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
PLAIN_USERNAME = re.compile(r"[a-z0-9.@+_-]+")
NOT_PLAIN = _("新账号的用户名只用英文字母、数字和 @ . + - _，不用汉字；姓名填在“姓名”一栏。")
# What the database refuses: signs that folding never leaves. It knows the common ones, not all of Unicode.
ODD_SIGNS = r"\u00A0\u00AD\u2010-\u2015\u2043\u2212\u200B-\u200F\u2060\u3000\uFEFF\uFF01-\uFF5E"


def fold_sign(text: str) -> str:
    """Dashes first: NFKC would leave some, and the soft hyphen is invisible in one font and a dash in another."""
    return without_unseen(unicodedata.normalize("NFKC", text.translate(DASHES)).translate(DASHES))


def without_unseen(text: str) -> str:
    """Without signs that have no width, wherever they stand; blanks within stay."""
    return FILLERS.sub("", "".join(sign for sign in text if unicodedata.category(sign) not in UNSEEN))


def fold_code(text: str) -> str:
    """A code of an institution or a region: in capitals, without any blank."""
    return unicodedata.normalize("NFKC", strip_blanks(fold_sign(text)).upper())


def fold_name(name: str) -> str:
    """A name, to tell whether two are called the same: without blanks and signs that cannot be seen."""
    return strip_blanks(fold_sign(name)).lower()


def fold_username(text: str) -> str:
    """A user name: in small letters. A blank within it stays, to be refused."""
    return unicodedata.normalize("NFKC", trim(fold_sign(text)).lower())


def is_plain_username(folded: str) -> bool:
    """What a new account may be called. Han signs are for names: they cannot be typed while a password is."""
    return PLAIN_USERNAME.fullmatch(folded) is not None


class FoldedField(models.CharField):
    """Folds what it stores and what it is compared with; the instance then says what was stored."""

    fold: Callable[[str], str]

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return type(self).fold(text) if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class RegisterCodeField(FoldedField):
    fold = staticmethod(fold_code)


class LoginNameField(FoldedField):
    fold = staticmethod(fold_username)


def is_folded(name: str, letters: str) -> Q:
    """The database's own guard. A row from before, whose folded spelling is another row's, keeps its spelling."""
    return Q(keeps_spelling=True) | ~Q(**{f"{name}__regex": f"[{letters}{ODD_SIGNS}]"})
