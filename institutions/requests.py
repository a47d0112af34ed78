"""The request that views get behind `login_required`."""

from django.http import HttpRequest

from institutions.models import User


class PersonRequest(HttpRequest):
    user: User
