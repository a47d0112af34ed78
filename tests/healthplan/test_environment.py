from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from healthplan import environment


@pytest.mark.parametrize(("word", "value"), [("1", True), ("Yes", True), ("off", False), ("", True)])
def test_switch_reads_usual_words(monkeypatch, word, value):
    monkeypatch.setenv("X", word)
    assert environment.switch("X", default=True) is value


def test_switch_refuses_another_word(monkeypatch):
    monkeypatch.setenv("X", "perhaps")
    with pytest.raises(ImproperlyConfigured, match=r"X=.perhaps. is not usable: set it to 1 or 0\."):
        environment.switch("X", default=True)


def test_whole_reads_a_number(monkeypatch):
    monkeypatch.setenv("X", " 12 ")
    assert environment.whole("X", default=1, least=1, most=60) == 12


@pytest.mark.parametrize("word", ["0", "61", "-3", "ten", "1.5", "１２"])
def test_whole_refuses_what_is_outside(monkeypatch, word):
    monkeypatch.setenv("X", word)
    with pytest.raises(ImproperlyConfigured, match="set it to a whole number from 1 to 60"):
        environment.whole("X", default=1, least=1, most=60)


def test_day_tells_unset_from_empty(monkeypatch):
    monkeypatch.delenv("X", raising=False)
    assert environment.day("X", default=date(2024, 4, 10)) == date(2024, 4, 10)
    monkeypatch.setenv("X", "")
    assert environment.day("X", default=date(2024, 4, 10)) is None


def test_day_refuses_a_day_that_is_none(monkeypatch):
    monkeypatch.setenv("X", "2024-02-30")
    with pytest.raises(ImproperlyConfigured, match="set it to a date such as 2024-04-10"):
        environment.day("X", default=None)


def test_database_reads_every_part(monkeypatch):
    monkeypatch.setenv("X", "postgresql://me:p%40ss@db.example:5433/plan?sslmode=require")
    assert environment.database("X") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "plan",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("url", ["mysql://me@db/plan", "postgresql://db", "plan"])
def test_database_refuses_another_kind(monkeypatch, url):
    monkeypatch.setenv("X", url)
    with pytest.raises(ImproperlyConfigured, match="set it to postgresql://"):
        environment.database("X")


def test_redis_keeps_queue_and_cache_apart(monkeypatch):
    monkeypatch.setenv("X", "redis://:secret@cache.example:6379/3")
    assert environment.redis("X") == environment.Redis(
        broker="redis://:secret@cache.example:6379/3",
        cache="redis://:secret@cache.example:6379/4",
    )


def test_redis_refuses_another_kind(monkeypatch):
    monkeypatch.setenv("X", "amqp://cache")
    with pytest.raises(ImproperlyConfigured, match="set it to redis://"):
        environment.redis("X")


def test_wholes_reads_numbers_between_commas(monkeypatch):
    monkeypatch.setenv("X", "10, 3")
    assert environment.wholes("X", default=[7, 2]) == [10, 3]


def test_wholes_refuses_a_word(monkeypatch):
    monkeypatch.setenv("X", "10,soon")
    with pytest.raises(ImproperlyConfigured, match="whole numbers with commas"):
        environment.wholes("X", default=[7, 2])


def test_mail_is_none_where_not_set(monkeypatch):
    monkeypatch.delenv("X", raising=False)
    assert environment.mail("X") is None


def test_mail_reads_an_address(monkeypatch):
    monkeypatch.setenv("X", "smtp://bureau:p%40ss@mail.example.gov.cn:587?starttls=1")
    assert environment.mail("X") == environment.Mail("mail.example.gov.cn", 587, "bureau", "p@ss", False, True)


def test_mail_knows_the_usual_ports(monkeypatch):
    monkeypatch.setenv("X", "smtps://mail.example.gov.cn")
    assert environment.mail("X") == environment.Mail("mail.example.gov.cn", 465, "", "", True, False)


def test_mail_refuses_another_protocol(monkeypatch):
    monkeypatch.setenv("X", "http://mail.example.gov.cn")
    with pytest.raises(ImproperlyConfigured, match="smtp://user:password@host:25"):
        environment.mail("X")
