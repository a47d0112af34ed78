"""What a workbook was given out with, signed and kept on a hidden page of it.

The seal names the return or region, every row and every answer as it stood. So an upload is compared with what its
person had before them: only what they changed is a change. Signed, not secret: all of it stands on the sheets too.
"""

from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.core import signing
from django.utils.translation import gettext as _
from openpyxl import Workbook

from institutions.spreadsheet.book import Book
from institutions.workbooks import UnreadableWorkbookError, label_at, put_text
from reports.questions.answers import Answer, AnswerKey
from reports.workbooks.upload_scope import UploadScope, WorkbookKind
from targets.periods import Quarter

SALT = "reports.sheets"
SEAL_SHEET = "healthplan"
PIECE_LENGTH = 30_000  # a cell holds 32,767 signs


class BrokenSealError(UnreadableWorkbookError):
    """The workbook is not one of ours, or what it was given out with was altered."""


class MisplacedWorkbookError(UnreadableWorkbookError):
    """The workbook is ours and belongs elsewhere."""


@dataclass(frozen=True)
class SealedPage:
    """One sheet as it was given out. heads: its head row. rows: hidden key and the texts of the first two columns.

    elements: those of a wide sheet's columns, in order; empty for a long one. given: answers as they stood.
    """

    name: str
    quarter: int
    heads: list[str]
    rows: list[list[str]]
    asked: list[list[int]]
    elements: list[int] = field(default_factory=list)
    given: list[list[object]] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        return bool(self.elements)

    @property
    def keys(self) -> list[AnswerKey]:
        return [(element, subject) for element, subject in self.asked]

    @property
    def answers(self) -> dict[AnswerKey, Answer]:
        found = (unpack_answer(*each) for each in self.given)
        return {answer.key: answer for answer in found}


@dataclass(frozen=True)
class Seal:
    """of: the institution of a return, else the region."""

    kind: WorkbookKind
    of: int
    name: str
    pages: list[SealedPage]


def pack_answer(answer: Answer) -> list[object]:
    """The answer as the seal keeps it."""
    value = None if answer.value is None else str(answer.value)
    return [answer.element_id, answer.subject_id, value, answer.not_applicable, answer.note]


def unpack_answer(element: object, subject: object, value: object, not_applicable: object, note: object) -> Answer:
    number = None if value is None else Decimal(str(value))
    return Answer(int(str(element)), int(str(subject)), number, bool(not_applicable), str(note))


def write_seal(book: Workbook, seal: Seal) -> None:
    text = signing.dumps(asdict(seal), salt=SALT, compress=True)
    sheet = book.create_sheet(SEAL_SHEET)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
    for row, start in enumerate(range(0, len(text), PIECE_LENGTH), 1):
        put_text(sheet.cell(row, 1), text[start : start + PIECE_LENGTH])


def read_seal(book: Book) -> Seal:
    """Raises BrokenSealError with the sentence for the person."""
    sheet = book.sheet(SEAL_SHEET)
    if sheet is None:
        raise BrokenSealError(
            _("这不是从本系统下载的填报工作簿（或隐藏的校验页已被删除）。请重新下载，把数字填进去再上传。")
        )
    text = "".join(label_at(sheet.cell(row, 1)) for row in sheet.rows)
    try:
        return unpack_seal(signing.loads(text, salt=SALT))
    except signing.BadSignature as error:
        raise BrokenSealError(_("工作簿的隐藏校验内容已被改动，不能确认各行是谁的数据。请重新下载后再填。")) from error


def unpack_seal(content: dict) -> Seal:
    pages = [SealedPage(**page) for page in content["pages"]]
    return Seal(WorkbookKind(content["kind"]), content["of"], content["name"], pages)


def must_fit(seal: Seal, scope: UploadScope) -> None:
    if sentence := describe_misfit(seal, scope):
        raise MisplacedWorkbookError(sentence)


def describe_misfit(seal: Seal, scope: UploadScope) -> str:
    """Why this workbook belongs elsewhere; empty where it belongs here."""
    if seal.kind != scope.kind:
        return {
            WorkbookKind.RETURN: _("这是“%(name)s”一张报表的工作簿，请在这张报表的页面上传。"),
            WorkbookKind.COUNTY: _("这是“%(name)s”多家机构的汇总填报表，请在“批量填报”中上传。"),
            WorkbookKind.PAST: _("这是“%(name)s”的历史季度补录表，请在“补录历史季度”中上传。"),
        }[seal.kind] % {"name": seal.name}
    if seal.of != scope.of:
        sentence = _("这是“%(theirs)s”的工作簿，不是“%(ours)s”的，没有导入。请核对后上传。")
        return sentence % {"theirs": seal.name, "ours": scope.name}
    theirs = {page.quarter for page in seal.pages}
    if scope.quarter and theirs != {scope.quarter.ordinal}:
        labels = _("、").join(Quarter.from_ordinal(each).label for each in sorted(theirs))
        sentence = _("这是%(theirs)s的工作簿，不是%(ours)s的，没有导入。请核对后上传。")
        return sentence % {"theirs": labels, "ours": scope.quarter.label}
    return ""
