"""Addresses: each app brings its own."""

from django.contrib import admin
from django.urls import include, path

from healthplan.gallery.views import components

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("institutions.urls")),
    path("", include("targets.urls")),
    path("", include("reports.urls")),
    path("components/", components),
]

handler400 = "institutions.views.errors.bad_request"
handler403 = "institutions.views.errors.permission_denied"
handler404 = "institutions.views.errors.page_not_found"
handler500 = "institutions.views.errors.server_error"
