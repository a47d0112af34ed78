"""Cells as they are typed (自动保存): JSON from the form's script, answered cell by cell."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from institutions import clock
from institutions.clock import SHANGHAI
from institutions.models import User
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.models import Entry, Submission
from reports.questions.answers import Answer, AnswerKey, Question, UnreadableAnswerError
from reports.questions.checks import check_answers
from reports.questions.queries.asked import questions_asked
from reports.returns.actions import autosave
from reports.returns.actions.autosave import AutosaveOutcome, TypedCell
from reports.returns.actions.submissions import save_token
from reports.returns.forms.return_form import AnswerCell, as_saved, as_typed, changed_by
from reports.returns.queries.submissions import answer_of, visible_returns
from targets.periods import Quarter

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SentCells:
    """What a page sent. unreadable: the sentences for cells that are no answers; these are not saved."""

    questions: dict[str, Question]
    seen: str
    origin: Origin
    typed: list[TypedCell]
    unreadable: dict[str, str]


@require_POST
def save_typed(request: HttpRequest, pk: int) -> JsonResponse:
    user = request.user
    if not isinstance(user, User):
        return refuse_save(_("登录已过期，请在新窗口登录后继续，内容仍在本页。"), 401)
    submission = get_object_or_404(visible_returns(user), pk=pk)
    sent = read_cells(request.body, submission)
    try:
        asked = {question.key for question in sent.questions.values()}
        outcome = autosave.save_cells(submission, sent.typed, user, clock.now(), origin=sent.origin, asked=asked)
    except PermissionDenied as error:
        raise Http404 from error
    except RefusedError as error:
        return refuse_save(str(error), 409)
    return JsonResponse(answer_saved(submission, sent, outcome))


def refuse_save(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def read_cells(body: bytes, submission: Submission) -> SentCells:
    """A cell is its name and twice [typed, 不适用, note]: as it is, and as its page believes it saved."""
    asked = questions_asked(submission.reporter, Quarter.from_ordinal(submission.quarter))
    try:
        page = json.loads(body)
        sent = SentCells({name_of(each.key): each for each in asked}, str(page["seen"]), Origin(page["origin"]), [], {})
        for name, now, was in page["cells"]:
            read_cell(sent, str(name), now, was)
    except (ValueError, TypeError, KeyError) as error:
        raise BadRequest from error
    return sent


def read_cell(sent: SentCells, name: str, now: Any, was: Any) -> None:
    question = sent.questions.get(name)
    if question is None:
        sent.unreadable[name] = _("本季不再填报此项，请重新打开报表。")
        return
    try:
        answer = cell_of(question, now).read()
    except UnreadableAnswerError as error:
        sent.unreadable[name] = str(error)
    else:
        sent.typed.append(TypedCell(question.key, answer, believed_answer(question, was)))


def cell_of(question: Question, state: Any) -> AnswerCell:
    typed, not_applicable, note = state
    return as_typed(question, str(typed), bool(not_applicable), str(note))


def believed_answer(question: Question, state: Any) -> Answer | None:
    """None for what is no answer: then it is no more than 未填 that the page can have seen saved."""
    try:
        return cell_of(question, state).read()
    except UnreadableAnswerError:
        return None


def answer_saved(submission: Submission, sent: SentCells, outcome: AutosaveOutcome) -> Json:
    """saved_at and seen for the next time; of each cell sent what is wrong with it; and where somebody else saved
    since the page last heard, all that is saved."""
    at = clock.now().astimezone(SHANGHAI)
    found: Json = {
        "at": f"{at:%H:%M}",
        "seen": save_token(outcome.round),
        "cells": {name: {"unread": True, "error": sentence} for name, sentence in sent.unreadable.items()},
    }
    found["cells"] |= {name_of(each.key): {} for each in sent.typed}
    for key, told in check_sentences(submission, sent, outcome).items():
        found["cells"][name_of(key)] |= told
    for key in outcome.conflicts:
        found["cells"][name_of(key)] = {"theirs": state_at(sent.questions[name_of(key)], outcome)}
    if outcome.before != sent.seen:
        found["all"] = {name: state_at(question, outcome) for name, question in sent.questions.items()}
    return found


def check_sentences(submission: Submission, sent: SentCells, outcome: AutosaveOutcome) -> dict[AnswerKey, Json]:
    """The findings of the cells that were sent and are answered; the first hard one alone, else the hints."""
    answers = [answer_of(entry) for entry in outcome.entries.values()]
    wanted = {each.key for each in sent.typed if each.key in outcome.entries}
    told: dict[AnswerKey, Json] = {}
    for finding in check_answers(sent.questions.values(), answers, Quarter.from_ordinal(submission.quarter)):
        if finding.key not in wanted:
            continue
        if finding.is_hard:
            told[finding.key] = {"error": finding.message}
        else:
            told.setdefault(finding.key, {"hints": []})["hints"].append(finding.message)
    return told


def state_at(question: Question, outcome: AutosaveOutcome) -> list[Any]:
    """[typed, 不适用, note, who changed it to what] as saved now; short where nobody is known."""
    entry = outcome.entries.get(question.key)
    cell = as_saved(question, answer_of(entry) if entry else None)
    return [*cell.state, sentence_of(cell, entry, outcome)]


def sentence_of(cell: AnswerCell, entry: Entry | None, outcome: AutosaveOutcome) -> str:
    if entry is not None:
        return changed_by(cell, str(entry.typed_by or ""), entry.typed_at)
    return changed_by(cell, str((outcome.round and outcome.round.saved_by) or ""), None)


def name_of(key: AnswerKey) -> str:
    return "{}-{}".format(*key)
