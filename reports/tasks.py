"""Where Celery finds the tasks of all stages, and when beat runs them; both stand in the stages themselves."""

from typing import Any

from reports.judging import tasks as judging
from reports.reminders import tasks as reminders
from reports.returns import tasks as returns

SCHEDULE: dict[str, dict[str, Any]] = {**judging.SCHEDULE, **returns.SCHEDULE, **reminders.SCHEDULE}
