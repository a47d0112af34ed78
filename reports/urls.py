"""Every address of the app, stage by stage."""

from django.urls import URLPattern

from reports.api.urls import urlpatterns as api
from reports.boards.urls import urlpatterns as boards
from reports.exports.urls import urlpatterns as exports
from reports.questions.urls import urlpatterns as questions
from reports.reminders.urls import urlpatterns as reminders
from reports.returns.urls import urlpatterns as returns
from reports.reviewing.urls import urlpatterns as reviewing
from reports.workbooks.urls import urlpatterns as workbooks

urlpatterns: list[URLPattern] = [
    *questions,
    *returns,
    *reviewing,
    *workbooks,
    *reminders,
    *boards,
    *exports,
    *api,
]
