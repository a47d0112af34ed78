"""A long statement that the database plans once a connection, not anew each time.

An approval runs the same statement for one region; planning it takes longer than running it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db.backends.utils import CursorWrapper

PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class PreparedStatement:
    """text: with parameters as %(name)s; types: the SQL type of each."""

    text: str
    types: Mapping[str, str]

    @cached_property
    def name(self) -> str:
        return "healthplan_" + sha256(self.text.encode()).hexdigest()[:32]

    @cached_property
    def names(self) -> list[str]:
        return sorted(set(PARAMETER.findall(self.text)))

    def run(self, cursor: CursorWrapper, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        # The connection itself is asked: a new one, or one that was reset, knows none.
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [self.name])
        if cursor.fetchone() is None:
            cursor.execute(self.declaration)
        places = ", ".join(f"%({name})s" for name in self.names)
        cursor.execute(" ".join(["EXECUTE", self.name, "(", places, ")"]), dict(parameters))
        return cursor.fetchall()

    @cached_property
    def declaration(self) -> str:
        numbers = {name: number for number, name in enumerate(self.names, start=1)}
        text = PARAMETER.sub(lambda found: f"${numbers[found[1]]}", self.text)
        types = ", ".join(self.types[name] for name in self.names)
        return " ".join(["PREPARE", self.name, "(", types, ") AS", text])
