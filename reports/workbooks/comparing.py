"""Second stage: what the person changed since the workbook was given out, against what stands there now.

What did not change is not checked. The trouble of one unit stands against that unit alone: the others are written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from reports.questions.answers import Answer, AnswerKey, Question
from reports.workbooks.backfill import find_gaps
from reports.workbooks.dry_run import AnswerChange, DryRun, ReturnChanges
from reports.workbooks.locks import explain_lock
from reports.workbooks.queries import FilledReturn
from reports.workbooks.sheets.reading import ReadSheet, TypedAnswer, UploadProblem
from reports.workbooks.sheets.seal import SealedPage
from reports.workbooks.staging import StagedUpload
from reports.workbooks.typed_answers import is_as_given, parse_typed_answer
from reports.workbooks.upload_scope import UploadScope, WorkbookKind

NAMED = 5  # new questions said by name


def compare_upload(staged: StagedUpload, scope: UploadScope, returns: Sequence[FilledReturn], now: datetime) -> DryRun:
    """What the upload would do to these returns, and all that stands against it. Nothing is written."""
    run = DryRun(scope, returns=[compare_return(filled, staged, scope, now) for filled in returns])
    for sheet in staged.sheets:
        compare_sheet(sheet, run)
    if scope.kind == WorkbookKind.RETURN:
        refuse_whole(run)
    elif scope.kind == WorkbookKind.PAST and not run.problems:
        for each, problem in find_gaps(run.to_write):
            each.problems.append(problem)
    return run


def compare_return(filled: FilledReturn, staged: StagedUpload, scope: UploadScope, now: datetime) -> ReturnChanges:
    """The return before any cell of it is looked at. A single return answers for all that was ever asked in it."""
    units = None if scope.kind == WorkbookKind.RETURN else {key[1] for key in filled.questions}
    asked_since = describe_asked_since(staged.pages, filled, units)
    problems = [UploadProblem("", asked_since)] if asked_since else []
    return ReturnChanges(filled, locked=explain_lock(filled, scope.origin, now), problems=problems)


def refuse_whole(run: DryRun) -> None:
    """Of a single return every trouble is the whole answer; that it no longer fits, or is locked, comes first."""
    for each in run.returns:
        outdated = [problem for problem in each.problems if not problem.at]
        locked = [UploadProblem("", each.locked)] if each.locked else []
        run.problems = outdated or [*locked, *run.problems, *each.problems]
        each.problems = []


def describe_asked_since(pages: Iterable[SealedPage], filled: FilledReturn, units: set[int] | None) -> str:
    """What has come to or gone from the return since the workbook was given out; empty where nothing has.

    units: whose rows are the return's; None: all of them.
    """
    of_quarter = [page for page in pages if page.quarter == filled.quarter.ordinal]
    then = {key for page in of_quarter for key in page.keys if units is None or key[1] in units}
    new = [question for key, question in filled.questions.items() if key not in then] if then else []
    gone = len(then - filled.questions.keys())
    return describe_changed_questions(new, gone) if new or gone else ""


def describe_changed_questions(new: Sequence[Question], gone: int) -> str:
    names = _("、").join(dict.fromkeys(question.element.name for question in new[:NAMED]))
    added = _("新增 %(count)d 项（%(names)s）") % {"count": len(new), "names": names} if new else ""
    removed = _("取消 %(count)d 项") % {"count": gone} if gone else ""
    changes = _("，").join(part for part in (added, removed) if part)
    sentence = _("下载之后填报内容有变化：%(changes)s。这份工作簿已经过时，没有导入；请重新下载，把数字填过去再上传。")
    return sentence % {"changes": changes}


def compare_sheet(sheet: ReadSheet, run: DryRun) -> None:
    """Puts the changes and the troubles of one sheet to the returns that they belong to."""
    of_quarter = [each for each in run.returns if each.filled.quarter.ordinal == sheet.page.quarter]
    by_question = {key: each for each in of_quarter for key in each.filled.questions}
    by_unit = {key[1]: each for key, each in by_question.items()}
    for problem in sheet.problems:
        put_problem(problem, by_unit, run)
    given = sheet.page.answers
    for typed in sheet.typed:
        if target := by_question.get(typed.key):
            compare_answer(typed, given.get(typed.key), target)
    run.gone += find_gone(sheet, given, by_unit)


def put_problem(problem: UploadProblem, by_unit: dict[int, ReturnChanges], run: DryRun) -> None:
    """To the units whose rows it is about; to the whole where that is not known."""
    touched = {id(each): each for key in problem.rows if (each := by_unit.get(unit_of(key)))}
    for each in touched.values():
        each.problems.append(problem)
    if not problem.rows:
        run.problems.append(problem)


def unit_of(key: str) -> int:
    """The unit of a row by its hidden key: "12" on a wide sheet, "34-12" on a long one."""
    return int(key.rpartition("-")[2])


def find_gone(
    sheet: ReadSheet, given: Mapping[AnswerKey, Answer], by_unit: Mapping[int, ReturnChanges]
) -> Iterator[UploadProblem]:
    """Rows of units that answer nothing here any more, where somebody typed into them since."""
    elements = {
        key[0]: question.element for each in by_unit.values() for key, question in each.filled.questions.items()
    }
    names = {unit_of(row[0]): row[2] for row in sheet.page.rows}
    said: set[int] = set()
    for typed in sheet.typed:
        element_id, unit = typed.key
        if unit in by_unit or unit in said or is_as_given(typed, given.get(typed.key), elements.get(element_id)):
            continue
        said.add(unit)
        sentence = _("%(unit)s在下载之后已不再填报，这一行填的内容没有写入。") % {"unit": names[unit]}
        yield UploadProblem(typed.at, sentence)


def compare_answer(typed: TypedAnswer, given: Answer | None, target: ReturnChanges) -> None:
    target.at[typed.key] = typed.at
    question = target.filled.questions[typed.key]
    if is_as_given(typed, given, question.element):
        return
    found = parse_typed_answer(typed, question)
    if isinstance(found, UploadProblem):
        target.problems.append(found)
    elif found != given and found != (now := target.filled.answers.get(typed.key)):
        target.changes.append(AnswerChange(question, typed.at, now, found, now != given))
