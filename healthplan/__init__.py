"""The project: settings, the Celery app, the entry points, and the servers embedded for a bare machine."""

from healthplan.celery import app as celery_app

__all__ = ["celery_app"]
