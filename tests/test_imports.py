"""The shape of the house: one table of rooms and of the layers within each; imports run one way through both.

A module may import the rooms that stand before its own, and of its own room its own layer and those before it.
`python -m tests.test_imports` draws the table as it really is: what each room imports of the others.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("institutions", "targets", "reports", "healthplan")

# A room is an app, or a package of one by stage of the work. Each line of a room is a layer, lowest first, and names
# the modules and folders in it. docs/architecture.md says what each room is for.
ROOMS: dict[str, list[str]] = {
    "institutions": [
        "enums clock texts terminal addresses",
        "identity",
        "numerals spreadsheet",
        "migrations models",
        "workbooks",
        "signals roster",
        "queries permissions passwords audit requests quarters",
        "effects",
        "preview register_effects region_changes",
        "actions",
        "demo",
        "forms",
        "views middleware admin management templatetags",
        "urls apps",
    ],
    "targets": [
        "enums periods constants labels signals",
        "migrations models",
        "plan_file",
        "queries outline as_file",
        "actions",
        "forms",
        "views management",
        "urls apps",
    ],
    "reports.base": [
        "enums numbers errors uploads staticfiles converters responses",
        "status_badge xlsx",
    ],
    "reports.models": ["submission", "attainment export handling"],
    "reports.scope": ["selectors", "queries", "page_scope"],
    "reports.judging": [
        "terms",
        "trajectory",
        "status",
        "explanation flags version_days",
        "queries",
        "recompute",
        "parallel preview bases",
        "tasks",
        "refresh receivers",
    ],
    "reports.questions": ["answers limits", "differences checks", "queries", "views", "urls"],
    "reports.returns": [
        "lateness file_kinds evidence_storage errors",
        "queries",
        "actions",
        "tasks register_watcher",
        "forms",
        "views",
        "urls",
    ],
    "reports.reviewing": ["queries", "actions", "views", "urls"],
    "reports.workbooks": [
        "queries",
        "locks upload_scope",
        "sheets",
        "staging",
        "dry_run upload_cache",
        "typed_answers backfill",
        "comparing",
        "applying",
        "actions",
        "views",
        "urls",
    ],
    "reports.reminders": [
        "timing",
        "queries",
        "wording",
        "notices",
        "digests mail",
        "tasks",
        "actions",
        "views",
        "urls",
    ],
    "reports.boards": ["queries", "pages", "charts", "views", "urls"],
    "reports.exports": [
        "queries",
        "summary timeliness",
        "contents",
        "figures lists timeliness_book",
        "sheets",
        "build",
        "actions",
        "views",
        "urls",
    ],
    "reports.api": ["serializers", "views", "urls"],
    "reports.demo": [
        "behaviour",
        "simulated_unit scenario people",
        "demo_plan",
        "plausible papers explanation_notes",
        "history",
        "values handed_down places",
        "replay",
        "load",
    ],
    # What Django and Celery look for at the top of an app, and the frame around every page.
    "reports": ["migrations", "navigation", "templatetags", "tasks", "admin urls management apps"],
    "healthplan.gallery": ["results fields", "exhibits", "views"],
    "healthplan": ["bootstrap environment messages templates embedded settings celery urls wsgi run"],
}

ORDER = list(ROOMS)


@cache
def modules() -> tuple[str, ...]:
    files = [file.relative_to(ROOT) for app in APPS for file in (ROOT / app).rglob("*.py")]
    return tuple(sorted(".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files))


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


@cache
def source(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def imported_names(module: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert not node.level, f"{module}, line {node.lineno}: name the whole path of what is imported"
    for alias in node.names:
        full = f"{node.module}.{alias.name}"
        yield full if is_module(full) else str(node.module)


def own_imports(module: str) -> Iterator[str]:
    """What the module imports of this house."""
    for node in ast.walk(source(module)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (name for name in imported_names(module, node) if name.split(".")[0] in APPS)


def room_of(module: str) -> str:
    """The deepest room that the module lies in."""
    return max((room for room in ORDER if f"{module}.".startswith(f"{room}.")), key=len)


def layer_of(module: str) -> int | None:
    """Its layer's number in its room; None for the room's own `__init__` and for what the table doesn't know."""
    inner = module.removeprefix(room_of(module)).split(".")
    name = inner[1] if len(inner) > 1 else ""
    return next((number for number, names in enumerate(ROOMS[room_of(module)]) if name in names.split()), None)


def may_import(module: str, other: str) -> bool:
    own, theirs = room_of(module), room_of(other)
    if own != theirs:
        return ORDER.index(theirs) < ORDER.index(own)
    if module == own:  # a room's own `__init__` may show what lies within
        return True
    return (layer_of(other) or 0) <= (layer_of(module) or 0)


def test_every_name_in_the_table_exists():
    names = [f"{room}.{name}" for room, layers in ROOMS.items() for layer in layers for name in layer.split()]
    assert [name for name in names if not is_module(name)] == []
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_module_has_a_layer():
    unknown = [name for name in modules() if name not in ORDER and layer_of(name) is None]
    assert unknown == [], "give the new name its layer in ROOMS of this file"


@pytest.mark.parametrize("module", modules())
def test_imports_run_one_way(module: str):
    backwards = [name for name in own_imports(module) if not may_import(module, name)]
    assert backwards == [], f"{module} may import the rooms and layers before its own in ROOMS"


@pytest.mark.parametrize("module", modules())
def test_no_import_hides_inside_a_function(module: str):
    functions = [node for node in ast.walk(source(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    hidden = [
        f"{function.name}, line {node.lineno}"
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("room", [room for room in ORDER if room.startswith("reports.")])
def test_every_room_says_what_it_is_for(room: str):
    assert ast.get_docstring(source(room)), f"{room} needs a docstring of a sentence or two"


def drawn() -> Iterator[str]:
    """A line a room: its modules and lines, and how many of its imports lead to which room."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for module in modules():
        found[room_of(module)].update(room_of(name) for name in own_imports(module))
    yield "| room | imports from |"
    yield "|---|---|"
    for room in ORDER:
        others = [f"{name} {found[room][name]}" for name in ORDER if name != room and found[room][name]]
        yield f"| {room} | {', '.join(others) or '–'} |"


if __name__ == "__main__":
    print("\n".join(drawn()))
