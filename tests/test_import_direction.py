"""The shape of the house: imports run one way between the apps, and one way between the layers of an app."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Each may import itself and what stands left of it.
PACKAGES = ["institutions", "targets", "reports", "healthplan"]

# Layers of an app, lowest first; a module may import its own layer and those above it in this list. A new module
# name must be given its layer here. Only the first name inside the app counts: reports.excel.sheets is "excel".
LAYERS: list[set[str]] = [
    # Pure: words, dates and rules; no database.
    {"enums", "periods", "rules", "numbers", "clock", "signals", "plan_file", "roster", "workbooks"}
    | {"numerals", "constants", "labels"}
    | {"attainment", "status", "promise", "sentence", "signs", "flags", "lateness", "reminding"}
    | {"evidence", "vault"},
    {"models", "migrations"},
    {"queries", "permissions", "passwords", "answers", "checks", "compare", "outline", "as_file"},
    {"board", "charts", "excel", "sheets"},
    {"recompute", "parallel", "opening", "notices", "audit"},
    {"preview"},
    {"tasks"},
    {"actions", "receivers"},
    {"forms", "forms_support", "forms_calendar", "serializers", "templatetags", "navigation", "demo"},
    {
        "views",
        "urls",
        "urls_returns",
        "urls_handling",
        "urls_reviews",
        "urls_support",
        "urls_workbooks",
        "urls_board",
        "urls_exports",
        "urls_notices",
        "urls_api",
        "urls_trial",
        "api",
        "admin",
        "apps",
        "middleware",
        "staticfiles",
        "uploads",
        "context_processors",
        "management",
    },
]

LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}


def modules() -> list[str]:
    files = [file.relative_to(ROOT) for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    return sorted(".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files)


def source(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def imported_names(module: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    base = node.module or ""
    if node.level:
        is_package = ROOT.joinpath(*module.split(".")).is_dir()
        parts = module.split(".") + ([""] if is_package else [])
        base = ".".join([*parts[: -node.level], *([base] if base else [])])
    for alias in node.names:
        full = f"{base}.{alias.name}"
        yield full if is_module(full) else base


def own_imports(module: str) -> Iterator[str]:
    """What the module imports of this house."""
    for node in ast.walk(source(module)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (name for name in imported_names(module, node) if name.split(".")[0] in PACKAGES)


def layer(module: str) -> int | None:
    """None for an app as a whole, and for healthplan, which has no layers."""
    app, *inner = module.split(".")
    return None if app == "healthplan" or not inner else LAYER_OF.get(inner[0])


APP_MODULES = [module for module in modules() if module.split(".")[0] != "healthplan"]


@pytest.mark.parametrize("module", modules())
def test_imports_run_one_way_between_the_apps(module: str):
    rank = PACKAGES.index(module.split(".")[0])
    backwards = [name for name in own_imports(module) if PACKAGES.index(name.split(".")[0]) > rank]
    assert backwards == [], f"{module} may import only {PACKAGES[: rank + 1]}"


def test_every_module_has_a_layer():
    unknown = [name for name in APP_MODULES if "." in name and layer(name) is None]
    assert unknown == [], "give the new module name its layer in LAYERS of this file"


@pytest.mark.parametrize("module", APP_MODULES)
def test_imports_run_one_way_between_the_layers(module: str):
    own = layer(module)
    if own is None and "." in module:
        pytest.fail("no layer yet: see test_every_module_has_a_layer")
    upwards = [name for name in own_imports(module) if (layer(name) or 0) > (own or 0)]
    assert upwards == [], f"{module} may import only its own layer and those before it in LAYERS"


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
