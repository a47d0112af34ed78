"""The sheets of the workbook in their order. What each holds is data; `workbook` alone knows of fonts and borders."""

from collections.abc import Iterator

from reports.base.xlsx.contents import Sheet
from reports.exports.figures import apart, matrix, overview, parts
from reports.exports.lists import lagging, returns, states
from reports.exports.summary import Summary


def sheets_of(summary: Summary) -> Iterator[Sheet]:
    yield overview(summary)
    if summary.board.columns:
        yield matrix(summary)
    if summary.board.apart and summary.board.apart.rows:
        yield apart(summary, summary.board.apart)
    yield parts(summary)
    yield states(summary)
    yield lagging(summary)
    yield returns(summary)
