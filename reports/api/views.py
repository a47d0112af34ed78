"""The read-only API: the dataclasses of the pages, under the same rules of who may see what."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions.clock import today
from institutions.permissions import top_region
from institutions.queries import get_visible_region_or_404
from reports.api.serializers import plain
from reports.boards.pages import board_of
from reports.boards.views.boards import traced, visible_institution
from reports.scope.page_scope import scope_of
from targets.periods import Quarter


class BoardView(APIView):
    """GET /api/board/?plan=&region=&quarter="""

    def get(self, request: Request) -> Response:
        if top_region(request.user) is None:
            raise Http404
        scope = scope_of(request._request)
        if scope.plan is None or scope.period is None:
            raise Http404
        return Response(plain(board_of(scope.plan, scope.region, scope.period, today())))


class TraceView(APIView):
    """GET /api/trace/<target>/<region>/<quarter>/"""

    def get(self, request: Request, target_id: int, region_id: int, quarter: Quarter) -> Response:
        return Response(plain(traced(target_id, get_visible_region_or_404(request.user, region_id), quarter)))


class InstitutionTraceView(APIView):
    """GET /api/trace/<target>/institution/<institution>/<quarter>/"""

    def get(self, request: Request, target_id: int, institution_id: int, quarter: Quarter) -> Response:
        institution = visible_institution(request.user, institution_id, quarter)
        return Response(plain(traced(target_id, institution, quarter)))
