"""Plotly figures as plain JSON values, from the dataclasses of the board. No queries, no HTML.

Colours are those of static/css/tokens.css; the shape of a point says the same as its colour.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from plotly import graph_objects

from reports.boards.pages import SeriesPoint, TargetPage
from targets.periods import Quarter

INK, SOFT, RULE, ACCENT = "#1b1f24", "#4a525c", "#d5d7da", "#1d4f80"
EDGES = {"red": "#b3261e", "amber": "#c98a00", "green": "#5aa469", "met": "#23733a"}
SHAPES = {"red": "x", "amber": "triangle-up", "green": "circle", "met": "diamond"}
FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif'


def series(page: TargetPage) -> dict[str, Any]:
    """Values by quarter against the schedule line and the milestones; empty where nothing can be drawn."""
    points = page.series
    if not any(point.value is not None or point.line is not None for point in points):
        return {}
    figure = graph_objects.Figure(
        data=[line_trace(points), milestone_trace(page), value_trace(points)], layout=layout(page)
    )
    return figure.to_plotly_json()


def line_trace(points: tuple[SeriesPoint, ...]) -> graph_objects.Scatter:
    """A yearly window starts afresh, so the line is drawn as steps that may fall back."""
    return graph_objects.Scatter(
        name=_("进度要求"),
        x=[label(point.quarter) for point in points],
        y=[draw_chart(point.line) for point in points],
        mode="lines",
        line={"color": SOFT, "width": 1.5, "dash": "dot", "shape": "hvh"},
        hovertemplate="%{x} %{y}<extra></extra>",
    )


def milestone_trace(page: TargetPage) -> graph_objects.Scatter:
    entered = [each for each in page.milestones if each.value is not None]
    return graph_objects.Scatter(
        name=_("节点目标"),
        x=[label(each.quarter) for each in entered],
        y=[draw_chart(each.value) for each in entered],
        mode="markers+text",
        text=[f"{each.value:,f}{page.target.unit}" for each in entered],
        textposition="top center",
        marker={"symbol": "line-ew-open", "size": 26, "color": INK, "line": {"width": 3, "color": INK}},
        hovertemplate="%{x} %{y}<extra></extra>",
    )


def value_trace(points: tuple[SeriesPoint, ...]) -> graph_objects.Scatter:
    return graph_objects.Scatter(
        name=_("完成值"),
        x=[label(point.quarter) for point in points],
        y=[draw_chart(point.value) for point in points],
        mode="lines+markers",
        line={"color": ACCENT, "width": 2},
        marker={
            "size": 11,
            "symbol": [SHAPES.get(point.badge.key, "circle-open") for point in points],
            "color": [EDGES.get(point.badge.key, SOFT) for point in points],
            "line": {"width": 1, "color": INK},
        },
        text=[point.badge.word for point in points],
        hovertemplate="%{x} %{y} %{text}<extra></extra>",
        connectgaps=False,
    )


def layout(page: TargetPage) -> dict[str, Any]:
    top = max(
        [draw_chart(point.value) or 0 for point in page.series]
        + [draw_chart(point.line) or 0 for point in page.series]
        + [draw_chart(each.value) or 0 for each in page.milestones]
    )
    return {
        "font": {"family": FONT, "size": 13, "color": INK},
        "margin": {"l": 48, "r": 12, "t": 8, "b": 44},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "xaxis": {"type": "category", "showgrid": False, "linecolor": RULE, "fixedrange": True},
        "yaxis": {
            "range": [min(0, *(draw_chart(point.value) or 0 for point in page.series)), top * 1.18 or 1],
            "gridcolor": RULE,
            "zerolinecolor": RULE,
            "fixedrange": True,
            "tickformat": ",~f",
        },
        "legend": {"orientation": "h", "x": 0, "y": 1.12},
        "hovermode": "closest",
    }


def draw_chart(value: Decimal | None) -> float | None:
    """A pixel needs no more than a float; tables carry the exact number."""
    return None if value is None else float(value)


def label(quarter: Quarter) -> str:
    return f"{quarter.year}.{quarter.number}"
