"""Addresses of reviewing, of corrections, and of checks on the spot."""

from django.urls import path

from reports.reviewing.views import batch, corrections, reviews, spot_checks, work_list

urlpatterns = [
    path("reviews/", work_list.review_list, name="reviews"),
    path("reviews/batch/", batch.review_batch, name="review_batch"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/spot-checks/", spot_checks.check_list, name="spot_checks"),
    path("reviews/spot-checks/paper/", spot_checks.check_paper, name="spot_check_paper"),
    path("reviews/spot-checks/<int:pk>/", spot_checks.check_close, name="spot_check"),
    path("returns/<int:pk>/history/", corrections.history, name="return_history"),
    path("returns/<int:pk>/correction/", corrections.ask_correction, name="correction_ask"),
    path("returns/<int:pk>/correction/end/", corrections.end_correction, name="correction_end"),
    path("returns/<int:pk>/together/<int:other>/", corrections.correct_together, name="correction_together"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("corrections/<int:pk>/", corrections.answer_correction, name="correction_answer"),
]
