"""Addresses of what stands beside the figures of a return: 佐证材料, 问题与措施."""

from django.urls import path

from reports.views import evidence, explanations

urlpatterns = [
    path("returns/<int:pk>/evidence/", evidence.evidence_page, name="evidence"),
    path("returns/<int:pk>/explanations/", explanations.explanations_page, name="explanations"),
    path("evidence/<int:file_id>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:file_id>/withdraw/", evidence.evidence_withdraw, name="evidence_withdraw"),
]
