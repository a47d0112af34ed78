"""The Celery app. Its configuration is in settings.py, under names that begin with CELERY_."""

import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

from healthplan import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthplan.settings")

app = Celery("healthplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def read_schedule(sender: Celery, **_: Any) -> None:
    """Beat's times stand beside the tasks, which need Django's models; so they are read once these are there."""
    sender.conf.beat_schedule = import_module("reports.tasks").SCHEDULE


@worker_init.connect
@beat_init.connect
def hold_services(**_: Any) -> None:
    """A worker or beat started by hand finds its servers too."""
    embedded.hold()
