"""Settings, from the environment; without any, the clone's embedded servers and the demo are used."""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from healthplan import embedded, environment

BASE_DIR = embedded.BASE_DIR
VAR_DIR = embedded.var_dir()
DEMO_DAY = date(2024, 4, 10)


def embedded_database() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": embedded.NAME,
        "USER": embedded.NAME,
        "HOST": str(embedded.server_folders().sockets),
    }


def embedded_redis() -> environment.Redis:
    socket = embedded.server_folders().redis_socket
    return environment.Redis(broker=f"redis+socket://{socket}?virtual_host=0", cache=f"unix://{socket}?db=1")


def kept_secret(file: Path) -> str:
    """The embedded clone's own secret, made once. Linked into place, so that two first starts agree on one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()


def secret_key() -> str:
    given = environment.text("SECRET_KEY")
    if given:
        return given
    if not IS_DEMO:
        raise ImproperlyConfigured("SECRET_KEY is not set: set it to a long random text and keep it.")
    try:
        return kept_secret(VAR_DIR / "secret_key")
    except OSError as error:
        raise ImproperlyConfigured(
            f"{error.filename} cannot be written: copy or clone this project to a place you may write to.\n"
            "此文件夹不可写：请将本项目复制或克隆到可写的位置。"
        ) from error


# A clone with its embedded database is a demo; a database of one's own is the real thing.
IS_DEMO = embedded.wants_postgres()

SECRET_KEY = secret_key()
DEBUG = environment.switch("DEBUG", default=False)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PORT = environment.whole("PORT", default=8000, least=1, most=65535)
HOST = environment.text("HOST", default="127.0.0.1")

# The day that everything takes for today; None is the clock's (docs/design.md#clock).
BUSINESS_DATE = environment.day("BUSINESS_DATE", default=DEMO_DAY if IS_DEMO else None)
DUE_WORKING_DAYS = environment.whole("DUE_WORKING_DAYS", default=10, least=1, most=60)
REVIEW_WORKING_DAYS = environment.whole("REVIEW_WORKING_DAYS", default=5, least=1, most=60)
# A return sent back is owed again within so many working days; so many days after its due day a quarter closes.
RETURN_WORKING_DAYS = environment.whole("RETURN_WORKING_DAYS", default=3, least=1, most=60)
CLOSE_DAYS = environment.whole("CLOSE_DAYS", default=60, least=0, most=1000)
AMBER_POINTS = environment.whole("AMBER_POINTS", default=10, least=0, most=100)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_htmx",
    "institutions",
    "targets",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "institutions.middleware.SentInVainMiddleware",
    "institutions.middleware.IdleAdministratorMiddleware",
    "institutions.middleware.PasswordFirstMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["healthplan.templates.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

ROOT_URLCONF = "healthplan.urls"
WSGI_APPLICATION = "healthplan.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Data -----------------------------------------------------------------------------------------------------

DATABASES = {"default": embedded_database() if embedded.wants_postgres() else environment.database("DATABASE_URL")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
REDIS = embedded_redis() if embedded.wants_redis() else environment.redis("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS.cache}}
MEDIA_ROOT = VAR_DIR / "media"
# Evidence is kept under its hash, where no web server looks.
EVIDENCE_ROOT = Path(environment.text("EVIDENCE_ROOT") or VAR_DIR / "evidence")
EVIDENCE_MEGABYTES = environment.whole("EVIDENCE_MEGABYTES", default=20, least=1, most=1000)
# A request far beyond any of these limits leaves nothing on the disk.
FILE_UPLOAD_HANDLERS = [
    "reports.base.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
WORKBOOK_MEGABYTES = environment.whole("WORKBOOK_MEGABYTES", default=10, least=1, most=100)

# --- Who ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "institutions.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
# After so many failures a name is locked for so many minutes.
LOGIN_FAILURES = environment.whole("LOGIN_FAILURES", default=5, least=1, most=100)
LOGIN_LOCK_MINUTES = environment.whole("LOGIN_LOCK_MINUTES", default=15, least=1, most=1440)
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "institutions.views.errors.csrf_failure"
# The last so many passwords may not be chosen again.
PASSWORD_HISTORY = environment.whole("PASSWORD_HISTORY", default=5, least=0, most=50)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "institutions.passwords.LengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "institutions.passwords.ThreeClassesValidator"},
    {"NAME": "institutions.passwords.HistoryValidator"},
]
# A system administrator's session ends sooner.
ADMIN_IDLE_MINUTES = environment.whole("ADMIN_IDLE_MINUTES", default=15, least=1, most=1440)
# Thirty idle minutes end a session. Kept in Redis, because every request moves the end.
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# HTTPS=1 where a proxy in front speaks HTTPS and sets X-Forwarded-Proto.
HTTPS = environment.switch("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# --- Language and time ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT") or VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "reports.base.staticfiles.PlotlyFinder",
]
# Hashed names and gzip once collected (`make run` and the image do that); straight from the source before.
COLLECTED_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
PLAIN_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED_STATIC = environment.switch("HASHED_STATIC", default=not DEBUG and (STATIC_ROOT / "staticfiles.json").exists())
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": COLLECTED_STORAGE if HASHED_STATIC else PLAIN_STORAGE},
}
WHITENOISE_USE_FINDERS = not HASHED_STATIC

# --- Mail -----------------------------------------------------------------------------------------------------

# smtp://user:password@host:25 (smtps:// for TLS from the start, ?starttls=1 for STARTTLS); without it, the console.
MAIL = environment.mail("MAIL_URL")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL else 'console'}.EmailBackend"
if MAIL:
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.ssl, MAIL.starttls
    EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", default="healthplan@localhost")
# Where this installation is reached, for the addresses in mails.
SITE_URL = environment.text("SITE_URL") or f"http://{HOST}:{PORT}"
# So many days before a return is due its reporter is reminded; once overdue, every so many days.
REMIND_DAYS_BEFORE = environment.wholes("REMIND_DAYS_BEFORE", default=[7, 2])
REMIND_EVERY_DAYS = environment.whole("REMIND_EVERY_DAYS", default=7, least=1, most=365)

# --- Work in the background -----------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS.broker
# A task not finished within the hour counts as lost and is given out again; every task may run twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = 2
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {name: {"level": "INFO"} for name in ("institutions", "targets", "reports")},
}
