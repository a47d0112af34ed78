from healthplan.celery import app
from tests import worker


def test_worker_is_real_and_answers(celery_worker_process):
    assert celery_worker_process.poll() is None
    assert [list(answer.values()) for answer in app.control.ping(timeout=60, limit=1)] == [[{"ok": "pong"}]]


def test_task_without_the_worker_waits_for_nobody():
    worker.client().delete(worker.UNREAD)
    app.send_task("reports.tasks.recompute_all")
    assert worker.client().llen(worker.UNREAD) == 1
    worker.client().delete(worker.UNREAD)
