"""Addresses of filling in; included by the app's own."""

from django.urls import path

from reports.views import returns, typing

urlpatterns = [
    path("returns/", returns.return_list, name="returns"),
    path("returns/<int:pk>/", returns.return_form, name="return_form"),
    path("returns/<int:pk>/typed/", typing.save_typed, name="return_typed"),
    path("returns/<int:pk>/print/", returns.return_print, name="return_print"),
]
