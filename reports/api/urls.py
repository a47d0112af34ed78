"""Addresses of the API."""

from django.urls import path

from reports.api.views import BoardView, InstitutionTraceView, TraceView
from reports.base import converters  # noqa: F401  (registers the quarter)

urlpatterns = [
    path("api/board/", BoardView.as_view(), name="api_board"),
    path("api/trace/<int:target_id>/<int:region_id>/<quarter:quarter>/", TraceView.as_view(), name="api_trace"),
    path(
        "api/trace/<int:target_id>/institution/<int:institution_id>/<quarter:quarter>/",
        InstitutionTraceView.as_view(),
        name="api_trace_institution",
    ),
]
