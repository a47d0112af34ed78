import stat

from django.conf import settings

from healthplan.settings import kept_secret


def test_secret_is_made_once_and_private(tmp_path):
    first = kept_secret(tmp_path / "var" / "secret_key")
    assert kept_secret(tmp_path / "var" / "secret_key") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_thirty_idle_minutes_end_a_session():
    assert settings.SESSION_COOKIE_AGE == 1800
    assert settings.SESSION_SAVE_EVERY_REQUEST is True
