"""The gallery of components: there under DEBUG alone, whole, and in both languages."""

import re
from collections import Counter

import pytest
from django.conf import settings as project
from django.utils import translation

from healthplan.gallery.exhibits import STATUS_OF, exhibits
from reports.base.enums import Cause, Status
from reports.base.status_badge import badge_of

pytestmark = pytest.mark.django_db
COMPONENTS = {f"components/{file.name}" for file in (project.BASE_DIR / "templates" / "components").iterdir()}


@pytest.fixture
def page(client, settings, english):
    settings.DEBUG = True
    return client.get("/components/")


def test_the_gallery_is_only_there_under_debug(client, page, settings):
    assert page.status_code == 200
    settings.DEBUG = False
    assert client.get("/components/").status_code == 404


def test_every_component_is_shown(page):
    shown = {exhibit.file for exhibit in exhibits(1)}
    assert sorted(COMPONENTS - shown) == [], "give the new component its exhibit in healthplan/gallery/exhibits.py"
    assert sorted(shown - {template.name for template in page.templates}) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_status_and_cause_is_said_in_both_languages(page, language):
    assert set(STATUS_OF) == set(Cause) - {Cause.NONE}
    with translation.override(language):
        words = [badge_of(status).word for status in Status]
        words += [badge_of(status, cause, 2).word for cause, status in STATUS_OF.items()]
    assert [word for word in words if f"<span>{word}</span>" not in page.content.decode()] == []


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-CN"), ("en", "en")])
def test_every_exhibit_has_its_title_in_both_languages(page, language, lang):
    with translation.override(language):
        titles = [exhibit.title for exhibit in exhibits(1)]
    assert [each for each in titles if f'<span lang="{lang}">{each}</span>' not in page.content.decode()] == []


def test_no_id_stands_twice_on_the_page(page):
    ids = Counter(re.findall(r' id="([^"]+)"', page.content.decode()))
    assert [name for name, count in ids.items() if count > 1] == []


def test_the_samples_ask_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        exhibits(1)
