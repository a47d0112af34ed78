"""A page as a test reads it: without the white space by which its templates are laid out."""

import re

from django.http import HttpResponse


def flat(page: HttpResponse | str) -> str:
    """The HTML with no white space beside its tags."""
    html = page if isinstance(page, str) else page.content.decode()
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", html)
