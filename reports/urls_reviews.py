"""Addresses of reviewing and of checks on the spot; included by the app's own."""

from django.urls import path

from reports.views import review_batch, review_list, reviews, spot_checks

urlpatterns = [
    path("reviews/", review_list.review_list, name="reviews"),
    path("reviews/batch/", review_batch.review_batch, name="review_batch"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/spot-checks/", spot_checks.check_list, name="spot_checks"),
    path("reviews/spot-checks/paper/", spot_checks.check_paper, name="spot_check_paper"),
    path("reviews/spot-checks/<int:pk>/", spot_checks.check_close, name="spot_check"),
]
