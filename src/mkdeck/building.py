"""What the command `build` does and prints, whoever has read its command line."""

from __future__ import annotations

import gc
import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mkdeck.diagnostics import DeckError
from mkdeck.outlook import IMPORTING
from mkdeck.paths import deck_files, packages
from mkdeck.rest import unchanged
from mkdeck.terminal import print_errors, progress_bar

if TYPE_CHECKING:
    from pathlib import Path

    from mkdeck.pipeline import Progress


def build_once(
    paths: list[Path],
    out: Path,
    *,
    locked: bool = False,
    dry_run: bool = False,
    tag_retired: bool = False,
    quiet: bool = False,
) -> bool:
    """Build, and print what was done or what is wrong; False if nothing was built."""
    try:
        targets = packages(deck_files(paths), out)
        report = unchanged(targets, tag_retired=tag_retired)
        if report is None:
            with progress_bar(quiet=quiet) as progress:
                report = _build(targets, progress, locked=locked, dry_run=dry_run, tag_retired=tag_retired)
    except DeckError as error:
        print_errors(error)
        return False
    except OSError as error:
        # Of a failed renaming, the second name is the one that the user gave.
        name = error.filename2 or error.filename or out
        print(f"{name}: error[file]: {error.strerror or error}", file=sys.stderr)
        if not error.filename2:  # else a lock may have been renamed before
            print("1 error; nothing was written.", file=sys.stderr)
        return False
    if not quiet:
        print(*report, sep="\n")
        print("Nothing was written." if dry_run else IMPORTING)
    return True


def _build(
    targets: dict[Path, list[Path]], progress: Progress | None, *, locked: bool, dry_run: bool, tag_retired: bool
) -> list[str]:  # fmt: skip
    """Build packages and report on them."""
    # A deck is data without cycles, all of it alive until the end: the collector would only walk it over
    # and over (at 100,000 notes, ten times as long as the rest). The process ends before memory matters.
    gc.disable()
    _postpone()
    from mkdeck import aside, outlook, pipeline  # noqa: PLC0415
    from mkdeck.lock.files import claimed  # noqa: PLC0415

    files = [file for group in targets.values() for file in group]
    # With copies of this process, a build of 10,000 notes takes 0.8x of the time.
    compiled, require_right = pipeline.compile_first(files, progress=progress, begin=aside.begin)
    try:
        with claimed([*pipeline.lock_paths(compiled), *targets], before_waiting=require_right):
            built = dict(zip(files, pipeline.settle_all(compiled, tag_retired=tag_retired), strict=True))
            del compiled  # with all drafts
            if locked:
                pipeline.require_unchanged(built.values())
            groups = {target: [built[file] for file in group] for target, group in targets.items()}
            if dry_run:
                pipeline.require_own(targets)
                require_right()
                results = [pipeline.result(group, target) for target, group in groups.items()]
            else:
                results = pipeline.write(groups, progress, tag_retired=tag_retired, require_right=require_right)
    except Exception:
        require_right()  # what is wrong with the cards goes before what is wrong with their lock or a file
        raise
    report: list[str] = []
    for result in results:
        for warning in result.warnings:
            print(warning.show(), file=sys.stderr)
        report += outlook.summary(result.path, result.notes, result.cards, result.media)
        for each in groups[result.path]:
            report += outlook.outlook(each, dry_run=dry_run, tag_retired=tag_retired)
    report += outlook.between_decks(list(built.values()))
    return report + [line for each in built.values() for line in outlook.warned(each)]


class _Later(ModuleType):
    """A module that is loaded when something in it is used; one of importlib's LazyLoader is by any `import`."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def _postpone() -> None:
    """Keep modules from being loaded that genanki and pydantic import, but need for nothing that a build does.

    asyncio takes as long as genanki and YAML together: genanki's cached properties ask it about coroutines.
    importlib.metadata takes half as long: pydantic finds plug-ins by it (see `start`). PyYAML takes 12 ms: genanki
    reads fields with it that are one text, and `source` the decks that are not plain.
    """
    for name in ("asyncio", "yaml"):
        sys.modules.setdefault(name, _Later(name))
    metadata = _Later("importlib.metadata")

    def entry_points(**names: str) -> object:
        return metadata.__getattr__("entry_points")(**names)

    # What `from importlib.metadata import entry_points` asks for, which would load it.
    vars(metadata).update(entry_points=entry_points, __path__=[])
    if metadata.__name__ not in sys.modules:
        sys.modules[metadata.__name__] = metadata
        vars(importlib)["metadata"] = metadata
