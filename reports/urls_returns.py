"""Addresses of filling in and reviewing; included by the app's own."""

from django.urls import path

from reports.views import returns, reviews

urlpatterns = [
    path("returns/", returns.return_list, name="returns"),
    path("returns/<int:pk>/", returns.return_form, name="return_form"),
    path("returns/<int:pk>/print/", returns.return_print, name="return_print"),
    path("reviews/", reviews.review_list, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
]
