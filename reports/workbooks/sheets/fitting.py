"""Whether an upload is for this place at this time: its seal, its questions, and what a 补录 must hold."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from reports.questions.answers import Answer, Key, Question
from reports.questions.checks import check, hard
from reports.workbooks.queries import FilledReturn
from reports.workbooks.sheets.comparing import ReturnChanges
from reports.workbooks.sheets.reading import UploadProblem
from reports.workbooks.sheets.seal import Seal, SealedPage, WorkbookKind
from targets.enums import Accumulation
from targets.periods import Quarter

NAMED = 5  # new questions said by name


def misfit(seal: Seal, kind: WorkbookKind, of: int, name: str, quarter: Quarter | None) -> str:
    """Why this workbook belongs elsewhere; empty where it belongs here."""
    if seal.kind != kind:
        return {
            WorkbookKind.RETURN: _("这是“%(name)s”一张报表的工作簿，请在这张报表的页面上传。"),
            WorkbookKind.COUNTY: _("这是“%(name)s”多家机构的汇总填报表，请在“批量填报”中上传。"),
            WorkbookKind.PAST: _("这是“%(name)s”的历史季度补录表，请在“补录历史季度”中上传。"),
        }[seal.kind] % {"name": seal.name}
    if seal.of != of:
        sentence = _("这是“%(theirs)s”的工作簿，不是“%(ours)s”的，没有导入。请核对后上传。")
        return sentence % {"theirs": seal.name, "ours": name}
    theirs = {page.quarter for page in seal.pages}
    if quarter and theirs != {quarter.ordinal}:
        labels = _("、").join(Quarter.from_ordinal(each).label for each in sorted(theirs))
        sentence = _("这是%(theirs)s的工作簿，不是%(ours)s的，没有导入。请核对后上传。")
        return sentence % {"theirs": labels, "ours": quarter.label}
    return ""


def asked_since(pages: Sequence[SealedPage], returns: Iterable[FilledReturn]) -> str:
    """What has come to or gone from the returns since the workbook was given out; empty where nothing has."""
    then = {(page.quarter, key) for page in pages for key in page.keys}
    now: set[tuple[int, Key]] = set()
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


def incomplete(returns: Iterable[ReturnChanges]) -> list[UploadProblem]:
    """What stands against handing in past returns at once, at the cells; the file's own quarters before count."""
    problems: list[UploadProblem] = []
    earlier: defaultdict[Quarter, dict[Key, Answer]] = defaultdict(dict)
    for each in sorted(returns, key=lambda each: each.filled.quarter):
        quarter, answers = each.filled.quarter, each.answers
        questions = [after(question, quarter, earlier) for question in each.filled.questions.values()]
        for finding in hard(check(questions, answers.values(), quarter)):
            place = each.at.get(finding.key, "")
            question = each.filled.questions[finding.key]
            name = _("%(item)s，%(unit)s：") % {"item": question.element.name, "unit": question.subject.name}
            problems.append(UploadProblem(place, name + finding.message))
        earlier[quarter] |= answers
    return problems


def after(question: Question, quarter: Quarter, earlier: dict[Quarter, dict[Key, Answer]]) -> Question:
    """The question with what the same file says of the quarters before, where nothing is approved yet."""
    before = earlier.get(quarter + -1, {}).get(question.key)
    if before is None or question.last is not None:
        return question
    is_running = question.element.accumulation == Accumulation.RUNNING
    same_year = (quarter + -1).year == quarter.year
    return replace(
        question,
        last=before.value,
        last_not_applicable=before.not_applicable,
        last_rise=None if question.element.accumulation != Accumulation.FLOW else before.value,
        floor=before.value if is_running and same_year and question.floor is None else question.floor,
    )
