"""Addresses of the board, the trace and the lists; included by the app's own."""

from django.urls import path, register_converter

from reports.views import board, preview
from targets.periods import Quarter


class QuarterConverter:
    """2024Q1 in an address."""

    regex = "[0-9]{4}Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter | str) -> str:
        return str(value)


register_converter(QuarterConverter, "quarter")

urlpatterns = [
    path("board/", board.board, name="board"),
    path("targets/<int:target_id>/", board.target, name="target"),
    path("trace/<int:target_id>/<int:region_id>/<quarter:quarter>/", board.trace, name="trace"),
    path(
        "trace/<int:target_id>/institution/<int:institution_id>/<quarter:quarter>/",
        board.trace_institution,
        name="trace_institution",
    ),
    path("progress/", board.progress, name="progress"),
    path("lagging/", board.lagging, name="lagging"),
    path("plans/<int:plan_id>/preview/", preview.plan_preview, name="plan_preview"),
]
