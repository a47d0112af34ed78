"""Second stage: what the person changed since the workbook was given out, against what stands there now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from reports.questions.answers import AnswerKey, Question
from reports.workbooks.backfill import find_gaps
from reports.workbooks.dry_run import AnswerChange, DryRun, ReturnChanges
from reports.workbooks.locks import explain_lock
from reports.workbooks.queries import FilledReturn
from reports.workbooks.sheets.reading import ReadSheet, UploadProblem
from reports.workbooks.sheets.seal import SealedPage
from reports.workbooks.staging import StagedUpload
from reports.workbooks.typed_answers import parse_typed_answer
from reports.workbooks.upload_scope import UploadScope, WorkbookKind

NAMED = 5  # new questions said by name


def compare_upload(staged: StagedUpload, scope: UploadScope, returns: Sequence[FilledReturn], now: datetime) -> DryRun:
    """What the upload would do to these returns, and all that stands against it. Nothing is written."""
    if sentence := describe_asked_since(staged.pages, returns):
        return DryRun(scope, [UploadProblem("", sentence), *staged.problems])
    compared = [ReturnChanges(filled, locked=explain_lock(filled, scope.origin, now)) for filled in returns]
    by_question = {(each.filled.quarter.ordinal, key): each for each in compared for key in each.filled.questions}
    unread = [problem for sheet in staged.sheets for problem in compare_sheet(sheet, by_question)]
    # Of a single return, that it is locked is the whole answer; of many, the others are written.
    locked = [UploadProblem("", each.locked) for each in compared if each.locked]
    problems = [*(locked if scope.kind == WorkbookKind.RETURN else ()), *staged.problems, *unread]
    run = DryRun(scope, problems, compared)
    if scope.kind == WorkbookKind.PAST and not problems:
        run.problems = find_gaps(run.to_write)
    return run


def describe_asked_since(pages: Iterable[SealedPage], returns: Iterable[FilledReturn]) -> str:
    """What has come to or gone from the returns since the workbook was given out; empty where nothing has."""
    then = {(page.quarter, key) for page in pages for key in page.keys}
    now: set[tuple[int, AnswerKey]] = set()
    new: list[Question] = []
    for filled in returns:
        asked = {(filled.quarter.ordinal, key): question for key, question in filled.questions.items()}
        if then & asked.keys():
            now |= asked.keys()
            new += [question for key, question in asked.items() if key not in then]
    gone = len(then - now)
    if not new and not gone:
        return ""
    names = _("、").join(dict.fromkeys(question.element.name for question in new[:NAMED]))
    added = _("新增 %(count)d 项（%(names)s）") % {"count": len(new), "names": names} if new else ""
    removed = _("取消 %(count)d 项") % {"count": gone} if gone else ""
    changes = _("，").join(part for part in (added, removed) if part)
    sentence = _("下载之后填报内容有变化：%(changes)s。这份工作簿已经过时，没有导入；请重新下载，把数字填过去再上传。")
    return sentence % {"changes": changes}


def compare_sheet(sheet: ReadSheet, returns: Mapping[tuple[int, AnswerKey], ReturnChanges]) -> list[UploadProblem]:
    """Puts the changes of one sheet into the returns that they belong to; gives back what cannot be read."""
    problems, given = [], sheet.page.answers
    for typed in sheet.typed:
        target = returns[sheet.page.quarter, typed.key]
        question = target.filled.questions[typed.key]
        target.at[typed.key] = typed.at
        found = parse_typed_answer(typed, question)
        if isinstance(found, UploadProblem):
            problems.append(found)
        elif found != given.get(typed.key) and found != (now := target.filled.answers.get(typed.key)):
            meanwhile = now != given.get(typed.key)
            target.changes.append(AnswerChange(question, typed.at, now, found, meanwhile))
    return problems
