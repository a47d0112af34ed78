"""What every edit does: lock the plan, gather problems, refuse all or keep all, and say so in the audit record."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from targets.actions.loading import REMOVED, UPDATED, Loading, PlanRefused
from targets.enums import PlanState
from targets.models import Plan
from targets.plan_file import FileProblem


@dataclass
class Edit:
    """One edit under way. `of` is the row that the audit record will name."""

    plan: Plan
    by: User | None
    now: datetime
    loading: Loading
    of: Model

    def check(self, problems: Iterable[FileProblem]) -> None:
        """Note the problems, and go no further where there are any."""
        self.loading.problems.extend(problems)
        self.stop_if_refused()

    def refuse(self, line: int, sentence: str) -> None:
        self.check([FileProblem(line, sentence)])

    def stop_if_refused(self) -> None:
        if self.loading.problems:
            raise PlanRefused(self.loading.problems)

    @property
    def free(self) -> Loading:
        """For what may change in a published plan, too; counted together with the rest."""
        return Loading(report=self.loading.report, problems=self.loading.problems)

    def remove(self, row: Model) -> None:
        """With all its parts; only from a draft."""
        if self.loading.frozen:
            self.refuse(0, _("计划已发布，不能再删除：%s") % row)
        self.of = copy(row)  # a deleted row forgets its key
        self.loading.report.changed_row(REMOVED, row)
        row.delete()


@contextmanager
def edit_plan(action: str, plan: Plan, by: User | None, now: datetime) -> Iterator[Edit]:
    """The plan's row is locked to the end. Raises PlanRefused, with every problem, and then nothing has changed."""
    with transaction.atomic():
        # Its state decides what may change, so it is read under the lock. of self: the issuer's row stays free.
        locked = Plan.objects.select_for_update(of=["self"]).select_related("issuer").get(pk=plan.pk)
        if locked.state == PlanState.CLOSED:
            raise PlanRefused([FileProblem(0, _("计划已结束，不能再修改"))])
        edit = Edit(locked, by, now, Loading(frozen=locked.state != PlanState.DRAFT), locked)
        yield edit
        edit.stop_if_refused()
        if changes := [each.as_json() for each in edit.loading.report.changes]:
            audit.record(action, edit.of, by, now, plan=plan.pk, changes=changes)


def place_rows(edit: Edit, rows: list[models.Model], moved: Model) -> None:
    """Write the order of the rows into their positions; on record only the one that was moved."""
    late = [(n, row) for n, row in enumerate(rows) if row.position != n]  # type: ignore[attr-defined]
    for n, row in late:
        if row is moved:
            edit.loading.report.changed_row(UPDATED, row, {"position": (str(row.position), str(n))})  # type: ignore[attr-defined]
        row.position = n  # type: ignore[attr-defined]
    type(moved)._default_manager.bulk_update([row for _n, row in late], ["position"])
