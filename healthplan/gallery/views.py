"""The gallery's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from healthplan.gallery.exhibits import Exhibit, exhibits

LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}  # as Django and as HTML name them


@dataclass(frozen=True, slots=True)
class Drawn:
    """An exhibit in one language. pieces: each state in words, with its HTML."""

    lang: str
    exhibit: Exhibit
    pieces: Sequence[tuple[str, str]]


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component, in Chinese and beside it in English; only while the pages are worked on."""
    if not settings.DEBUG:
        raise Http404
    sides = [draw_all(request, side, language) for side, language in enumerate(LANGUAGES, 1)]
    return render(request, "healthplan/gallery/page.html", {"pairs": list(zip(*sides, strict=True))})


def draw_all(request: HttpRequest, side: int, language: str) -> list[Drawn]:
    with translation.override(language):
        return [draw(request, exhibit, LANGUAGES[language]) for exhibit in exhibits(side)]


def draw(request: HttpRequest, exhibit: Exhibit, lang: str) -> Drawn:
    pieces = [(label, render_to_string(exhibit.template, given, request)) for label, given in exhibit.states]
    return Drawn(lang, exhibit, pieces)
