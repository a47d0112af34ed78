from django.urls import URLPattern

from reports.urls_api import urlpatterns as api
from reports.urls_board import urlpatterns as board
from reports.urls_exports import urlpatterns as exports
from reports.urls_handling import urlpatterns as handling
from reports.urls_notices import urlpatterns as notices
from reports.urls_returns import urlpatterns as returns
from reports.urls_reviews import urlpatterns as reviews
from reports.urls_support import urlpatterns as support
from reports.urls_trial import urlpatterns as trial
from reports.urls_workbooks import urlpatterns as workbooks

urlpatterns: list[URLPattern] = [
    *returns,
    *handling,
    *reviews,
    *support,
    *workbooks,
    *board,
    *exports,
    *notices,
    *trial,
    *api,
]
