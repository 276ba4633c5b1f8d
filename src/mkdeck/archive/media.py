"""The media of a package: their list, and each as a stream."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unicodedata import normalize

from mkdeck.archive.container import MEDIA, Budget, Container, Stream, opened
from mkdeck.archive.content import MediaFile
from mkdeck.archive.limits import Limits, Problems, RefusedError, told
from mkdeck.archive.names import safe_name
from mkdeck.archive.values import parsed, text, whole
from mkdeck.archive.wire import Message
from mkdeck.diagnostics import clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdeck.archive.content import Archive

_UINT32 = (1 << 32) - 1
_WHAT = "the media of this package"


def read_media(container: Container, problems: Problems) -> dict[str, MediaFile]:
    """Read the list of media and hold it against the members of the zip."""
    found: dict[str, MediaFile] = {}
    for member, name, size in _entries(container):
        info = container.members.get(member)
        if info is None:
            problems.add(f"the media file `{clipped(name)}` is not in this package, only its name")
            continue
        safe = safe_name(name)
        if safe in found:
            problems.add(f"two media files are named `{clipped(safe)}`; the second one is left out")
            continue
        if safe != normalize("NFC", name):
            problems.add(f"the media file `{clipped(name)}` is named `{clipped(safe)}`, as Anki would name it")
        found[safe] = MediaFile(safe, member, info.file_size if size is None else size)
    _total(container).take(sum(file.size for file in found.values()))
    return found


@contextmanager
def opened_media(archive: Archive, *, limits: Limits | None = None) -> Iterator[Callable[[str], Stream]]:
    """Open a package for its media: the function that is given opens one of them by its name.

    The stream must be closed before the package is. Raises DeckError if the package has become another
    one, and so do the streams where it is damaged, or holds more than `limits` allow.
    """
    with told(archive.path), opened(archive.path, limits or Limits()) as container:
        total = _total(container)

        def open_(name: str) -> Stream:
            member = archive.media[name].member
            with told(archive.path):
                if member not in container.members or container.version != archive.version:
                    raise RefusedError("this package has changed since it was read")
                return container.stream(member, container.limits.media, zstd=container.is_zstd, total=total)

        yield open_


def _total(container: Container) -> Budget:
    packed = sum(info.compress_size for info in container.members.values())
    return Budget(container.limits.unpacked(packed, container.limits.media), _WHAT)


def _entries(container: Container) -> Iterator[tuple[str, str, int | None]]:
    """Give each file's member, name and size if it is told; old packages of AnkiDroid may have no list."""
    if MEDIA not in container.members:
        return
    data = container.read(MEDIA, container.limits.list, zstd=container.is_zstd)
    try:
        if container.is_zstd:
            for number, each in enumerate(Message(data).each(1)):
                entry = Message(each)
                yield str(number), entry.text(1), entry.number(2) & _UINT32
        else:
            for key, name in parsed(data).items():
                yield str(whole(key, "the number of a file")), text(name, "the name of a file"), None
    except RefusedError as error:
        raise RefusedError(f"the list of media in this package is damaged: {error}") from None
