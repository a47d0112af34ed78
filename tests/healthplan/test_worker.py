from healthplan.celery import app
from reports.tasks import SCHEDULE
from tests import worker


def test_worker_is_real_and_answers(celery_worker_process):
    assert celery_worker_process.poll() is None
    assert [list(answer.values()) for answer in app.control.ping(timeout=60, limit=1)] == [[{"ok": "pong"}]]


def test_task_without_the_worker_waits_for_nobody():
    worker.client().delete(worker.UNREAD)
    app.send_task("reports.tasks.recompute_all")
    assert worker.client().llen(worker.UNREAD) == 1
    worker.client().delete(worker.UNREAD)


def test_names_of_tasks_that_may_be_waiting_in_a_queue():
    assert {name for name in app.tasks if name.startswith("reports.")} == {
        "reports.tasks.roll_up",
        "reports.tasks.roll_up_waiting",
        "reports.tasks.cross_date_lines",
        "reports.tasks.open_quarter",
        "reports.tasks.recompute_all",
        "reports.tasks.recompute_quarter",
        "reports.tasks.recompute_plan",
        "reports.tasks.send_reminders",
        "reports.tasks.send_mails",
    }


def test_beat_runs_what_the_stages_say():
    app.finalize()
    assert app.conf.beat_schedule == SCHEDULE
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)
