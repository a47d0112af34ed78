"""Returns of one unit that are corrected together (docs/decisions/0019-corrected-together.md)."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from reports.models import Correction, Entry, Round, Submission
from reports.questions.answers import Answer, AnswerKey
from targets.periods import Quarter

AnswersByQuarter = dict[int, dict[AnswerKey, Answer]]


def corrected_with(submission: Submission) -> list[int]:
    """The returns that are handed in and decided together with this one, by their ids, it among them."""
    own = Correction.objects.open().filter(submission=submission).first()
    if own is None:
        return [submission.pk]
    first = own.together_with_id or own.pk
    together = Correction.objects.open().filter(Q(pk=first) | Q(together_with=first))
    return sorted(together.values_list("submission", flat=True))


def returns_in_sets(returns: Collection[int]) -> set[int]:
    """Those of these returns that are corrected together with others."""
    rows = list(
        Correction.objects.open().filter(submission__in=returns).values_list("pk", "together_with", "submission")
    )
    firsts = {first or own for own, first, _submission in rows}
    led = set(Correction.objects.open().filter(together_with__in=firsts).values_list("together_with", flat=True))
    return {submission for own, first, submission in rows if (first or own) in led}


def answers_together(reporter_ids: Collection[int], quarter: Quarter) -> AnswersByQuarter:
    """What is typed in other quarters that are corrected together with these reporters' returns of this one."""
    others = quarters_together(reporter_ids, quarter)
    if not others:
        return {}
    rounds = Round.objects.filter(submission__in=others).order_by("number").values_list("submission", "pk")
    latest = {round_id: others[submission] for submission, round_id in dict(rounds).items()}
    found: AnswersByQuarter = defaultdict(dict)
    for each in Entry.objects.filter(round__in=latest):
        answer = Answer(each.element_id, each.subject_id, each.value, each.not_applicable, each.note)
        found[latest[each.round_id]][answer.key] = answer
    return found


def quarters_together(reporter_ids: Collection[int], quarter: Quarter) -> dict[int, int]:
    """The other returns of the sets in which one is of this quarter, each with its own quarter."""
    rows = Correction.objects.open().filter(submission__reporter__in=reporter_ids)
    sets: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for own, first, submission, ordinal in rows.values_list("pk", "together_with", "submission", "submission__quarter"):
        sets[first or own][submission] = ordinal
    of_quarter = [members for members in sets.values() if quarter.ordinal in members.values()]
    return {pk: ordinal for members in of_quarter for pk, ordinal in members.items() if ordinal != quarter.ordinal}
