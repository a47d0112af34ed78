"""问题与措施, written with the draft of a return."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from reports.base.errors import RefusedError
from reports.models import Explanation, Round, Submission
from reports.returns.actions.evidence import draft_to_attach
from reports.returns.actions.submissions import lock_submission
from reports.returns.errors import NewerSaveError
from reports.returns.queries.explanations import explanations_of, explanations_token, plans_targets


@dataclass(frozen=True, slots=True)
class ExplanationInput:
    """What a person wrote about one target. All of it empty: nothing is said."""

    target_id: int
    causes: tuple[str, ...] = ()
    problem: str = ""
    measures: str = ""
    finish_by: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.causes or self.problem or self.measures or self.finish_by)


@transaction.atomic
def save_explanations(
    submission: Submission, told: Iterable[ExplanationInput], by: User, now: datetime, *, seen: str | None = None
) -> Round:
    """Keep what is told, unfinished too; of targets not named, what was said stays.

    `seen` is the `explanations_token` of what the person had on the page; None: whatever it was.
    """
    submission, told = lock_submission(submission), list(told)
    draft = draft_to_attach(submission, by, now)
    must_have_seen_latest(draft, seen)
    must_be_of_plans(submission, told)
    explanations_of(draft).filter(target__in=[each.target_id for each in told]).delete()
    Explanation.objects.bulk_create(
        Explanation(
            round=draft,
            target_id=each.target_id,
            causes=list(each.causes),
            problem=each.problem,
            measures=each.measures,
            finish_by=each.finish_by,
        )
        for each in told
        if not each.is_empty
    )
    targets = [each.target_id for each in told]
    audit.record("explanations.saved", submission, by, now, round=draft.number, targets=targets)
    return draft


def must_have_seen_latest(draft: Round, seen: str | None) -> None:
    if seen is not None and seen != explanations_token(explanations_of(draft)):
        sentence = _(
            "另有人在您打开本页之后保存过问题与措施。您写的内容仍在本页，没有覆盖对方；核对后再次保存，将以本页为准。"
        )
        raise NewerSaveError(sentence)


def must_be_of_plans(submission: Submission, told: list[ExplanationInput]) -> None:
    """A target that is no longer behind may still be spoken of; one of other places may not."""
    known = set(plans_targets(submission).values_list("pk", flat=True))
    if any(each.target_id not in known for each in told):
        raise RefusedError(_("工作计划已有变化，没有保存。请重新打开问题与措施页，核对后再写。"))
