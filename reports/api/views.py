"""The read-only API: the dataclasses of the pages, under the same rules of who may see what."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions.clock import today
from institutions.permissions import top_region
from institutions.queries import get_visible_region_or_404
from reports.api.serializers import as_json_value
from reports.boards.pages import board_of
from reports.boards.views.boards import trace_or_404, visible_institution
from reports.scope.page_scope import read_page_scope
from targets.periods import Quarter


class BoardView(APIView):
    """GET /api/board/?plan=&region=&quarter="""

    def get(self, request: Request) -> Response:
        if top_region(request.user) is None:
            raise Http404
        scope = read_page_scope(request._request)
        if scope.plan is None or scope.period is None:
            raise Http404
        return Response(as_json_value(board_of(scope.plan, scope.region, scope.period, today())))


class TraceView(APIView):
    """GET /api/trace/<target>/<region>/<quarter>/"""

    def get(self, request: Request, target_id: int, region_id: int, quarter: Quarter) -> Response:
        return Response(
            as_json_value(trace_or_404(target_id, get_visible_region_or_404(request.user, region_id), quarter))
        )


class InstitutionTraceView(APIView):
    """GET /api/trace/<target>/institution/<institution>/<quarter>/"""

    def get(self, request: Request, target_id: int, institution_id: int, quarter: Quarter) -> Response:
        institution = visible_institution(request.user, institution_id, quarter)
        return Response(as_json_value(trace_or_404(target_id, institution, quarter)))
