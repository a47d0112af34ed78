"""A name means one thing: in a module nothing local takes the name of one of its functions or classes, and a public
class name stands once in the project, so that a name read anywhere leads to one place."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.test_imports import modules, source

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OF_DJANGO = ("Meta", "Command")  # these Django looks for by name, wherever they stand
SCOPES = (*FUNCTIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def global_names(tree: ast.Module) -> Iterator[str]:
    """What the module defines or imports by name."""
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def local_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Parameters and variables of functions, lambdas and comprehensions, with the line."""
    for scope in ast.walk(tree):
        if isinstance(scope, SCOPES):
            yield from ((name, node.lineno) for node in inside(scope) if (name := bound_by(node)))


def inside(scope: ast.AST) -> Iterator[ast.AST]:
    return (node for child in ast.iter_child_nodes(scope) for node in ast.walk(child))


def bound_by(node: ast.AST) -> str | None:
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.name if isinstance(node, (*FUNCTIONS, ast.ExceptHandler, ast.MatchAs)) else None


def shadowed(tree: ast.Module) -> list[str]:
    known = set(global_names(tree))
    return sorted({f"{name}, line {line}" for name, line in local_names(tree) if name in known})


@pytest.mark.parametrize("module", modules())
def test_no_variable_has_the_name_of_a_function_of_its_module(module: str):
    assert shadowed(source(module)) == [], "rename the variable"


@pytest.mark.parametrize(
    "body",
    [
        "def act(told): pass",
        "def act(): told = 1",
        "def act():\n    for told in (): pass",
        "def act():\n    def told(): pass",
        "def act():\n    try: pass\n    except OSError as told: pass",
        "act = lambda told: told",
        "act = [told for told in ()]",
    ],
)
def test_every_way_to_take_a_name_is_seen(body: str):
    above = ("pass", "def told(): pass", "from words import told")
    assert [bool(shadowed(ast.parse(f"{line}\n{body}"))) for line in above] == [False, True, True]


def public_classes() -> dict[str, list[str]]:
    """The modules in which each public class name stands; migrations are named by Django."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules():
        if ".migrations." not in module:
            for node in ast.walk(source(module)):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name not in OF_DJANGO:
                    found[node.name].append(module)
    return found


def test_a_public_class_name_stands_once():
    assert {name: places for name, places in public_classes().items() if len(places) > 1} == {}
