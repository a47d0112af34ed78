"""Addresses of what is done around a return, and of the calendar; included by the app's own."""

from django.urls import path

from reports.views import calendar, handling

urlpatterns = [
    path("returns/<int:pk>/withdraw/", handling.withdraw, name="return_withdraw"),
    path("returns/<int:pk>/history/", handling.history, name="return_history"),
    path("returns/<int:pk>/correction/", handling.ask_correction, name="correction_ask"),
    path("returns/<int:pk>/correction/end/", handling.end_correction, name="correction_end"),
    path("corrections/", handling.correction_list, name="corrections"),
    path("corrections/<int:pk>/", handling.answer_correction, name="correction_answer"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<quarter:quarter>/", calendar.calendar_quarter, name="calendar_quarter"),
]
