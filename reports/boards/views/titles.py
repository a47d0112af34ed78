"""The titles of the pages: each one is an answer."""

from django.utils.translation import gettext as _

from reports.boards.pages import Board, HintList, LaggingList, PreviewPage, ProgressPage, TargetPage, TracePage
from reports.boards.pages.cell_words import value_text
from targets.enums import PlanState


def board_title(board: Board) -> str:
    place = {"quarter": board.quarter.label, "region": board.region.name, "judged": board.counts.judged}
    if not board.counts.judged:
        return _("%(quarter)s %(region)s：尚无判定结果") % place
    open_ones = _("，%d 项数据不足") % board.counts.no_data if board.counts.no_data else ""
    if not board.counts.lagging:
        return _("%(quarter)s %(region)s：%(judged)d 项目标无一滞后") % place + open_ones
    return (
        _("%(quarter)s %(region)s：%(judged)d 项目标中 %(lagging)d 项滞后")
        % (place | {"lagging": board.counts.lagging})
        + open_ones
    )


def cell_title(page: TargetPage | TracePage) -> str:
    place = {"quarter": page.quarter.label, "region": page.place.name, "target": page.target.name}
    if not page.cell.judged:
        return _("%(quarter)s %(region)s：%(target)s 本季不考核") % place
    return _("%(quarter)s %(region)s：%(target)s %(value)s，%(word)s") % (
        place | {"value": value_text(page.cell), "word": page.cell.badge.word}
    )


def progress_title(page: ProgressPage) -> str:
    place = {"quarter": page.quarter.label, "region": page.region.name, "total": page.whole.total}
    owing = len(page.owing)
    if not page.whole.total:
        return _("%(quarter)s %(region)s：没有应报单位") % place
    if not owing and not page.waiting:
        return _("%(quarter)s %(region)s：%(total)d 家全部报送并通过审核") % place
    if not owing:
        return _("%(quarter)s %(region)s：%(total)d 家均已报送，%(waiting)d 家待审") % (
            place | {"waiting": len(page.waiting)}
        )
    return _("%(quarter)s %(region)s：%(total)d 家中 %(owing)d 家尚未报送") % (place | {"owing": owing})


def lagging_title(page: LaggingList) -> str:
    place = {"quarter": page.quarter.label, "region": page.region.name, "level": page.place_word}
    if not page.entries:
        return _("%(quarter)s %(region)s：没有被预警的%(level)s") % place
    return _("%(quarter)s %(region)s：%(places)d 个%(level)s、%(targets)d 项目标被预警") % (
        place | {"places": page.places, "targets": page.targets}
    )


def hints_title(page: HintList) -> str:
    place = {"quarter": page.quarter.label, "region": page.region.name, "level": page.place_word}
    if not page.entries:
        return _("%(quarter)s %(region)s：没有即将到期提示") % place
    return _("%(quarter)s %(region)s：%(places)d 个%(level)s、%(targets)d 项目标即将到期，按近期进度达不到") % (
        place | {"places": page.places, "targets": page.targets}
    )


def preview_title(page: PreviewPage) -> str:
    if not page.elements:
        return _("发布预览：没有单位会被要求填报")
    counts = {"units": page.units, "elements": page.elements, "new": page.new}
    if page.state != PlanState.DRAFT:
        return _("按现行条款试算：%(units)d 家单位填报 %(elements)d 个数据项") % counts
    return _("发布预览：%(units)d 家单位将填报 %(elements)d 个数据项，其中 %(new)d 个是新增") % counts
