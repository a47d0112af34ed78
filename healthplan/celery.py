"""The Celery app. Its configuration is in settings.py, under names that begin with CELERY_."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

from healthplan import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthplan.settings")

app = Celery("healthplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def hold_services(**_: Any) -> None:
    """A worker or beat started by hand finds its servers too."""
    embedded.hold()
