"""Addresses of the board, the trace and the lists."""

from django.urls import path

from reports.base import converters  # noqa: F401  (registers the quarter)
from reports.boards.views import boards, preview

urlpatterns = [
    path("board/", boards.board, name="board"),
    path("targets/<int:target_id>/", boards.target, name="target"),
    path("trace/<int:target_id>/<int:region_id>/<quarter:quarter>/", boards.trace, name="trace"),
    path(
        "trace/<int:target_id>/institution/<int:institution_id>/<quarter:quarter>/",
        boards.trace_institution,
        name="trace_institution",
    ),
    path("progress/", boards.progress, name="progress"),
    path("lagging/", boards.lagging, name="lagging"),
    path("hints/", boards.hints, name="hints"),
    path("plans/<int:plan_id>/preview/", preview.plan_preview, name="plan_preview"),
]
