"""What the gallery shows: each component with its states, in the language in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from healthplan.gallery import fields, results
from institutions.enums import Role
from institutions.models import User
from reports.base.enums import Cause, Status, SubmissionState
from reports.base.status_badge import StatusBadge, badge_of
from reports.boards import charts
from reports.boards.pages import Board, BoardFilters, Cell, ContactPerson, ReturnStanding
from reports.boards.pages.progress import STANDING_SIGNS
from reports.boards.pages.units import ANSWER_SIGNS, UnitAnswer
from reports.navigation import Frame, NavigationEntry, places
from reports.returns.lateness import Lateness
from reports.scope.selectors import Choice, Selectors, quarter_choice
from reports.templatetags.return_format import late_badge, return_state
from reports.templatetags.review_format import ChangeWords

STATUS_OF = {
    Cause.OVERDUE: Status.RED,
    Cause.SLIPPED: Status.RED,
    Cause.UNREPORTED: Status.RED,
    Cause.SILENT: Status.RED,
    Cause.UNREVIEWED: Status.RED,
    Cause.LATE_PENDING: Status.RED,
    Cause.BEHIND: Status.RED,
    Cause.PARTLY: Status.AMBER,
    Cause.MISSING_UNITS: Status.AMBER,
    Cause.MISSING_BASE: Status.AMBER,
    Cause.PENDING: Status.NO_DATA,
    Cause.AWAITED: Status.NO_DATA,
    Cause.NO_TARGET_VALUE: Status.NO_DATA,
    Cause.NO_CONSTANT: Status.NO_DATA,
    Cause.NO_LAST_YEAR: Status.NO_DATA,
    Cause.LATE_DONE: Status.MET,
    Cause.CLOSED: Status.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A component. file: its template; usage: how a page includes it; states: in words, each with what it is given.

    shell: the template that shows it, where it does not stand alone. wide: one language below the other; small: states
    side by side.
    """

    file: str
    title: str
    usage: str
    states: tuple[tuple[str, dict[str, Any]], ...]
    shell: str = ""
    wide: bool = False
    small: bool = False

    @property
    def template(self) -> str:
        return self.shell or self.file

    @property
    def anchor(self) -> str:
        return self.file.removesuffix(".html").replace("/", "-")


def exhibits(side: int) -> list[Exhibit]:
    """All, from the single badge to the whole table. side: keeps the ids of the two languages on the page apart."""
    return [
        *badges(),
        *bars_and_results(),
        *tables(),
        *fields_of_forms(side),
        *controls(),
        *messages(),
        *frame(),
        chart(side),
    ]


# --- Badges, bars and results ---------------------------------------------------------------------------------


def badges() -> Iterable[Exhibit]:
    yield Exhibit(
        "components/status_badge.html",
        _("状态标记"),
        "{% result_badge status cause %}　{% badge_html badge %}　{% return_state state %}　{% late_badge lateness %}",
        (
            (_("目标的状态"), {"badges": [badge_of(status) for status in (*Status, "")]}),
            (_("原因代替状态的词"), {"badges": [badge_of(status, cause, 2) for cause, status in STATUS_OF.items()]}),
            (_("报表的状态"), {"badges": [return_state(state)["badge"] for state in SubmissionState]}),
            (_("报表迟早"), {"badges": [late_badge(each)["badge"] for each in Lateness if each]}),
            (
                _("填报进度"),
                {"badges": [StatusBadge(*STANDING_SIGNS[stand], str(stand.label)) for stand in ReturnStanding]},
            ),
            (
                _("目标背后的单位"),
                {"badges": [StatusBadge(*ANSWER_SIGNS[answer], str(answer.label)) for answer in UnitAnswer]},
            ),
        ),
        shell="healthplan/gallery/badges.html",
    )
    yield Exhibit(
        "reports/returns/days_left.html",
        _("剩余天数"),
        '{% include "reports/returns/days_left.html" with days=… %}',
        ((_("未到期"), {"days": 5}), (_("当天"), {"days": 0}), (_("逾期未报"), {"days": -3})),
        small=True,
    )
    yield Exhibit(
        "reports/reviewing/change.html",
        _("与前期相比"),
        "{% change_since_last cell %}　{% change_since_last_year cell %}",
        (
            (_("增加"), {"change": ChangeWords(by("+12", "+5%"))}),
            (_("大幅增加"), {"change": ChangeWords(by("+1,200", "+150%"), is_large=True, grows=True)}),
            (_("大幅减少"), {"change": ChangeWords(by("−85", "−71%"), is_large=True)}),
            (_("累计数"), {"change": ChangeWords(by("+30", "+8%"), added="+400")}),
            (_("不是数字"), {"change": ChangeWords(_("有变化"))}),
            (_("持平"), {"change": ChangeWords(_("持平"))}),
        ),
        small=True,
    )


def bars_and_results() -> Iterable[Exhibit]:
    yield Exhibit(
        "components/bar.html",
        _("数据条"),
        "{% cell_bar cell %}　{% share_bar part whole %}",
        (
            (_("占比，竖线为目标值"), {"cells": results.share_cells()[:10]}),
            (_("总量，目标值在四分之三处"), {"cells": results.amount_cells()}),
            (_("部分和整体"), {"parts": [(0, 12), (7, 12), (12, 12), (0, 0)]}),
        ),
        shell="healthplan/gallery/bars.html",
        small=True,
    )
    yield Exhibit(
        "reports/boards/counts.html",
        _("按状态计数"),
        '{% include "reports/boards/counts.html" with counts=board.counts %}',
        (
            (_("全部"), {"counts": board().counts, "board": board()}),
            (_("已按状态筛选"), {"counts": board().counts, "board": board(BoardFilters(status=Status.RED))}),
        ),
    )
    cells, answerable = results.share_cells(), ContactPerson("王科长", "0371-20230001")
    page = results.target_page
    yield Exhibit(
        "reports/boards/cell_facts.html",
        _("结果"),
        '{% include "reports/boards/cell_facts.html" %}',
        (
            (_("滞后"), {"page": page(cells[3], answerable, results.slow_pace())}),
            (_("未报"), {"page": page(cells[2], answerable)}),
            (_("达标"), {"page": page(cells[8], answerable)}),
            (_("不考核，责任人未登记"), {"page": page(cells[13])}),
        ),
        small=True,
    )


def by(amount: str, percent: str) -> str:
    return amount + _("（%(what)s）") % {"what": percent}


def board(filters: BoardFilters | None = None) -> Board:
    rows = (results.share_cells()[:4], results.amount_cells(), results.unit_cells(), results.state_cells())
    return results.board(*rows, filters=filters)


# --- Tables ---------------------------------------------------------------------------------------------------


def tables() -> Iterable[Exhibit]:
    few = board()
    yield Exhibit(
        "reports/boards/matrix.html",
        _("地区乘目标"),
        '{% include "reports/boards/matrix.html" with matrix=… groups=… caption=… numeric=True %}',
        (
            (_("百分比、总量、单个机构、定性"), matrix(few)),
            (_("超过 12 列：每一种格子"), matrix(results.board(results.share_cells()))),
        ),
        wide=True,
    )
    yield Exhibit(
        "reports/boards/legend.html",
        _("图例"),
        '{% include "reports/boards/legend.html" %}',
        ((_("看板下方"), {"board": few}),),
    )
    yield Exhibit(
        "reports/boards/children.html",
        _("排名"),
        '{% include "reports/boards/children.html" with cells=page.ranking label=page.child_word bars=True %}',
        (
            (_("占比，带数据条"), ranking(results.share_cells()[:10], bars=True)),
            (_("总量，不带数据条"), ranking(results.amount_cells())),
        ),
        wide=True,
    )
    yield Exhibit(
        "healthplan/gallery/table.html",
        _("表格"),
        '<table class="data"> … <th class="number"> … <span class="unit"> … <tr class="total"> … <tfoot>',
        ((_("数字靠右，单位在表头"), {}),),
    )


def matrix(shown: Board) -> dict[str, Any]:
    return {"board": shown, "matrix": shown, "groups": shown.groups, "caption": _("量化目标"), "numeric": True}


def ranking(cells: list[Cell], bars: bool = False) -> dict[str, Any]:
    return {"page": results.target_page(cells[0]), "cells": cells, "label": _("县区"), "bars": bars}


# --- Fields and controls --------------------------------------------------------------------------------------


def fields_of_forms(side: int) -> Iterable[Exhibit]:
    form, alone = fields.sample_form(f"side-{side}"), fields.sample_form(f"alone-{side}")
    yield Exhibit(
        "components/field.html",
        _("表单项"),
        '{% include "components/field.html" with field=form.name %}',
        (
            (_("必填"), {"field": form["name"]}),
            (_("选填"), {"field": form["phone"]}),
            (_("有提示"), {"field": form["day"]}),
            (_("有错误"), {"field": form["code"]}),
            (_("不能修改"), {"field": form["locked"]}),
            (_("单选"), {"field": form["kind"]}),
            (_("多行"), {"field": form["words"]}),
            (_("多选"), {"field": form["grades"]}),
            (_("多选，有错误"), {"field": form["owners"]}),
            (_("勾选"), {"field": form["tick"]}),
        ),
        small=True,
    )
    yield Exhibit(
        "components/field_notes.html",
        _("表单项下的提示和错误"),
        '{% include "components/field_notes.html" with field=form.name %}',
        (
            (_("有提示"), {"field": alone["day"]}),
            (_("有错误"), {"field": alone["code"]}),
        ),
    )
    yield Exhibit(
        "reports/returns/topic.html",
        _("报表的数据项"),
        '{% include "reports/returns/topic.html" with editable=page.is_editable %}',
        (
            (_("填写"), {"topic": fields.topic(side), "editable": True}),
            (_("阅读"), {"topic": fields.topic(-side), "editable": False}),
        ),
        wide=True,
    )


def controls() -> Iterable[Exhibit]:
    yield Exhibit(
        "healthplan/gallery/buttons.html",
        _("按钮"),
        '<button class="button-primary">　<button>　<a class="button">　<button class="button-plain">',
        ((_("主要、普通、链接、文字、停用、删除"), {}),),
    )
    regions = (Choice("1", "某市"), Choice("2", "　东湖区", selected=True), Choice("3", "　西山区"))
    yield Exhibit(
        "components/choice.html",
        _("下拉选择"),
        '{% include "components/choice.html" with name="region" label=_("地区") choices=… %}',
        ((_("已选一项"), {"name": "region", "label": _("地区"), "choices": regions}),),
    )
    quarters = [results.QUARTER + step for step in (1, 0, -1)]
    shown = tuple(quarter_choice(each, each == results.QUARTER) for each in quarters)
    plans = (Choice("1", results.PLAN.title, selected=True), Choice("2", "某市妇幼健康行动计划"))
    yield Exhibit(
        "components/selectors.html",
        _("切换地区和季度"),
        '{% include "components/selectors.html" %}',
        (
            (_("几个计划、几个地区"), {"selectors": Selectors(plans, regions, shown, shown[2], shown[0])}),
            (
                _("一个计划、一个地区，最早的季度"),
                {"selectors": Selectors(plans[:1], regions[:1], shown, None, shown[0])},
            ),
        ),
        shell="healthplan/gallery/toolbar.html",
    )
    pages = Paginator(range(45), 20)
    yield Exhibit(
        "components/pagination.html",
        _("分页"),
        '{% include "components/pagination.html" with page=… %}',
        tuple(
            (label, {"page": pages.page(number)}) for number, label in enumerate((_("首页"), _("中间"), _("末页")), 1)
        ),
    )
    yield Exhibit(
        "institutions/register_tabs.html",
        _("页签"),
        '{% include "institutions/register_tabs.html" with tab="people" %}',
        ((_("第二页"), {"tab": "people"}),),
    )


# --- Messages and the frame -----------------------------------------------------------------------------------


def messages() -> Iterable[Exhibit]:
    said = (
        Message(constants.INFO, _("可以换一个季度查看，或到看板看全部目标的进度。")),
        Message(constants.SUCCESS, _("草稿已保存，还有 %(count)d 项未填。") % {"count": 3}),
        Message(constants.WARNING, _("%(count)s 处请核实") % {"count": 2}),
        Message(constants.ERROR, _("没有保存，请改正标出的地方；填好的内容都还在。")),
    )
    yield Exhibit(
        "components/messages.html",
        _("操作反馈"),
        '{% include "components/messages.html" %}',
        ((_("提示、成功、提醒、错误"), {"messages": said}),),
    )
    yield Exhibit(
        "healthplan/gallery/notices.html",
        _("说明框"),
        '<p class="notice">　<div class="message message-warning">　<blockquote class="quote">',
        ((_("说明、提醒、错误、引文、疑点"), {}),),
    )
    title, hint = _("没有符合筛选条件的目标"), _("放宽筛选条件即可看到全部目标。")
    yield Exhibit(
        "components/empty.html",
        _("空状态"),
        '{% include "components/empty.html" with title=… hint=… url=… label=… %}',
        (
            (_("有下一步"), {"title": title, "hint": hint, "url": "#", "label": _("清除筛选")}),
            (_("有说明"), {"title": title, "hint": hint}),
            (_("只有标题"), {"title": title}),
        ),
        small=True,
    )


def frame() -> Iterable[Exhibit]:
    reporter, supervisor = User(display_name="张医生"), User(display_name="李督查")
    yield Exhibit(
        "components/header.html",
        _("页头"),
        '{% include "components/header.html" %}',
        (
            (_("未登录"), {"frame": Frame([], 0), "user": None}),
            (str(Role.REPORTER.label), {"frame": Frame(entries(Role.REPORTER), 0), "user": reporter}),
            (_("督查员，有未读提醒"), {"frame": Frame(entries(Role.SUPERVISOR), 12), "user": supervisor}),
        ),
        wide=True,
    )
    yield Exhibit(
        "components/sample_banner.html",
        _("示例数据横幅"),
        "{% sample_banner %}",
        ((_("有示例机构"), {"sample": True}),),
        wide=True,
    )
    path = [(_("工作计划"), "#"), (results.PLAN.title, "#"), (_("发布"), "")]
    yield Exhibit(
        "components/breadcrumbs.html",
        _("位置"),
        '{% include "components/breadcrumbs.html" with crumbs=… %}',
        ((_("有上级页面"), {"crumbs": path}),),
    )


def entries(role: Role) -> list[NavigationEntry]:
    """What the head of a page leads the role to; it stands on the board, or on its own returns."""
    mine = [place for place in places() if role in place.roles]
    return [NavigationEntry(place.label, "#", place.address in ("board", "returns")) for place in mine]


def chart(side: int) -> Exhibit:
    figure = charts.series(results.target_page(results.share_cells()[3]))
    return Exhibit(
        "healthplan/gallery/chart.html",
        _("各季完成值"),
        '{{ chart|json_script:"series-figure" }} <div class="chart" data-figure="series-figure" role="img">',
        ((_("每一种点"), {"chart": figure, "figure": f"figure-{side}"}),),
    )
