"""Serves the one file of the plotly package that pages need, so that no asset comes from outside."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import plotly
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FILE = "plotly.min.js"
ADDRESS = f"plotly/{FILE}"


class PlotlyFinder(BaseFinder):
    """Finds static/plotly/plotly.min.js in the installed package, and nothing else of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(plotly.__file__).parent / "package_data")
        self.storage.prefix = "plotly"  # type: ignore[attr-defined]  # how collectstatic names the folder
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != ADDRESS:
            return []
        found = self.storage.path(FILE)
        return [found] if find_all else found

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Any) -> Iterable[tuple[str, FileSystemStorage]]:
        yield FILE, self.storage
