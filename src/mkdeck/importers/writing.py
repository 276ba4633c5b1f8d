"""A deck that was imported -> its files: the YAML, the lock beside it, and a folder of media."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

from mkdeck.archive import opened_media
from mkdeck.diagnostics import DeckError, Diagnostic, Span
from mkdeck.importers.copies import copies
from mkdeck.paths import lock_path
from mkdeck.transaction import write_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mkdeck.archive import Archive, Stream
    from mkdeck.importers import Imported

_THERE = "this is there already"
_MEND = "give another name with -o"
_CHUNK = 1 << 20


def media_folder(out: Path) -> str:
    """Name the folder for the media of the deck `out`, which lies beside it."""
    return f"{out.stem}-media"


def write_deck(
    made: Imported, out: Path, source: Path, progress: Callable[[str, int, int], None] | None = None
) -> tuple[str, ...]:
    """Write what was imported to `out`, and what belongs to it beside it: all of it, or nothing.

    `source` is the folder in which the file lies that was imported: pictures and recordings of notes and tables are
    copied from there; give the names of those that were. No file is written over. Raises OSError, with the file's
    name, for one that cannot be written, and DeckError for those that are there, and for media that are damaged
    or in the way of others. `progress(stage, done, total)` is told of the media of a package.
    """
    lock, folder = lock_path(out), out.with_name(media_folder(out))
    has_media = made.archive is not None and bool(made.archive.media)
    wanted = (out, *([lock] if made.lock else []), *([folder] if has_media else []))
    if there := [path for path in wanted if os.path.lexists(path)]:
        raise DeckError(Diagnostic("file", _THERE, Span(str(path)), _MEND) for path in there)
    copied = copies(made.media, source, out)
    files = [*copied, *([(lock, _writer(made.lock))] if made.lock else []), (out, _writer(made.yaml.encode()))]
    with ExitStack() as stack:
        if has_media and made.archive is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
            part = folder.with_name(f".{folder.name}.part")
            shutil.rmtree(part, ignore_errors=True)
            stack.callback(shutil.rmtree, part, ignore_errors=True)
            try:
                _write_media(made.archive, part, progress)
            except _UnwritableError as error:
                raise OSError(error.cause.errno, error.cause.strerror, str(folder)) from None
            part.rename(folder)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        write_together(files)
        stack.pop_all()
    return tuple(str(file.relative_to(out.parent)) for file, _ in copied)


class _UnwritableError(Exception):
    """A media file cannot be written: no fault of the package, from which it is read in the same breath."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(cause)
        self.cause = cause


def _writer(content: bytes) -> Callable[[IO[bytes]], object]:
    return lambda file: file.write(content)


def _write_media(archive: Archive, folder: Path, progress: Callable[[str, int, int], None] | None) -> None:
    folder.mkdir()
    with opened_media(archive) as open_:
        for number, name in enumerate(archive.media):
            if progress:
                progress("media", number, len(archive.media))
            with open_(name) as stream:
                _write(stream, folder / name)


def _write(stream: Stream, path: Path) -> None:
    with _writing():
        file = path.open("xb")
    try:
        while chunk := stream.read(_CHUNK):
            with _writing():
                file.write(chunk)
    finally:
        with _writing():
            file.close()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _UnwritableError(error) from None
