"""Where the plan says so: the clause from the top down, the exact words, what is odd in them."""

from dataclasses import dataclass
from datetime import date

from reports.boards.pages.cells import PlanHead
from reports.boards.queries import results as queries
from reports.judging.queries.terms_in_force import TargetTerms
from targets.models import Plan


@dataclass(frozen=True, slots=True)
class ClauseStep:
    """number: as printed, the last part of the clause's path."""

    id: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class ClauseCitation:
    """prefix and suffix stand around the quote where its words repeat. document: SHA-256 of the file cited.

    others: milestones whose figure stands in other words than the quote, with those words.
    anomalies: what is odd about the target, then about its clause.
    """

    plan: PlanHead
    steps: tuple[ClauseStep, ...]
    path: str
    paragraph: int
    prefix: str
    quote: str
    suffix: str
    offset: int
    document: str
    anomalies: tuple[str, ...]
    others: tuple[tuple[date, str], ...] = ()

    @property
    def last_step(self) -> ClauseStep:
        return self.steps[-1]


def citation_of(plan: Plan, each: TargetTerms) -> ClauseCitation:
    target, milestones = each.target, each.terms.milestones.all()
    clauses = queries.clauses_by_id(plan)
    clause = clauses[queries.items_by_id(plan)[target.item_id].clause_id]
    return ClauseCitation(
        plan=PlanHead.of(plan),
        steps=tuple(
            ClauseStep(step.pk, step.path.rpartition("/")[2], step.title) for step in queries.ancestors(clause, clauses)
        ),
        path=clause.path,
        paragraph=target.paragraph,
        prefix=target.prefix,
        quote=target.quote,
        suffix=target.suffix,
        offset=target.offset,
        document=plan.document_sha256,
        anomalies=queries.oddities(plan).about(target.pk, clause.pk),
        others=tuple(
            (milestone.due, milestone.quote) for milestone in milestones if milestone.quote not in ("", target.quote)
        ),
    )
