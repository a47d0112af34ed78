"""Addresses of the API; included by the app's own. The quarter in an address is that of `urls_board`."""

from django.urls import path

from reports import urls_board  # noqa: F401  (registers the quarter)
from reports.api import BoardView, InstitutionTraceView, TraceView

urlpatterns = [
    path("api/board/", BoardView.as_view(), name="api_board"),
    path("api/trace/<int:target_id>/<int:region_id>/<quarter:quarter>/", TraceView.as_view(), name="api_trace"),
    path(
        "api/trace/<int:target_id>/institution/<int:institution_id>/<quarter:quarter>/",
        InstitutionTraceView.as_view(),
        name="api_trace_institution",
    ),
]
