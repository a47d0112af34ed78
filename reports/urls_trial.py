"""Where a check between numbers is tried out before it is kept; included by the app's own."""

from django.urls import path

from reports.views import trial

urlpatterns = [path("plans/<int:plan_id>/checks/trial/", trial.check_trial, name="check_trial")]
