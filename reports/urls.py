from django.urls import URLPattern

from reports.urls_api import urlpatterns as api
from reports.urls_board import urlpatterns as board
from reports.urls_exports import urlpatterns as exports
from reports.urls_returns import urlpatterns as returns

urlpatterns: list[URLPattern] = [*returns, *board, *exports, *api]
