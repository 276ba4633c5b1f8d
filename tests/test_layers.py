"""The house: a module imports only what stands below it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# From the ground up; a module may import from the rows before its own, and within a package its siblings.
LAYERS = [
    {"_version", "aside", "slugs", "quoting", "languages", "media", "markup", "transaction", "watch"},
    {"stamp"},
    {"diagnostics"},
    {"paths", "archive"},
    {"source"},
    {"validation"},
    {"model", "starter"},
    {"schema", "notes"},
    {"note_types"},
    {"render"},
    {"compile"},
    {"checks"},
    {"key_facts"},
    {"manual"},
    {"lock"},
    {"package", "searches"},
    {"outlook"},
    {"rest", "reports", "show"},
    {"deck"},
    {"pipeline", "diff", "fixes", "suggest", "preview", "importers"},
    {"terminal"},
    {"building"},
    {"__init__"},
    {"cli"},
    {"start"},
    {"__main__"},
]


def imports(path: Path) -> set[str]:
    """Name the modules of mkdeck that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "mkdeck":
            steps = node.module.split(".")[1:]
            found |= {steps[0]} if steps else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("mkdeck.")}
    return found


def test_data_flows_one_way(project: Path) -> None:
    """Every module has a layer, and imports only from layers below it."""
    source = project / "src/mkdeck"
    level = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    wrong = []
    for path in sorted(source.rglob("*.py")):
        home = path.relative_to(source).parts[0].removesuffix(".py")
        wrong += [
            f"{path.relative_to(source)} imports {name}"
            for name in imports(path)
            if name != home and level[name] >= level[home]
        ]
    assert wrong == []
    assert {path.name.removesuffix(".py") for path in source.iterdir()} - {
        "templates",
        "py.typed",
        "__pycache__",
    } == set(level)


def test_files_are_short(project: Path) -> None:
    """No file passes 400 lines."""
    long = {
        path.name: count
        for path in project.glob("src/**/*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
