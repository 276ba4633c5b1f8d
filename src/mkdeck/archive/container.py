"""The zip of a package: which members it has, and their content as streams that end where the limits say."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from mkdeck.archive.limits import Limits, RefusedError, told
from mkdeck.archive.wire import Message
from mkdeck.diagnostics import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from mkdeck.archive.content import Version

    Source = IO[bytes] | io.BufferedIOBase

COLLECTIONS: dict[Version, str] = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}
META, MEDIA = "meta", "media"
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Those that Anki knows. LZMA, which Python knows too, may ask for gigabytes."""
_MOST_META = 1000
_WINDOW_LOG = 27
"""Of zstd: 128 MB, its own default. Anki's packages need 2 MB."""
_FARTHEST = 1 << 48
_CHUNK = 1 << 18


class Budget:
    """Bytes that may still be unpacked."""

    def __init__(self, most: int, what: str) -> None:
        self.left, self._most, self._what = most, most, what

    def take(self, size: int) -> None:
        """Spend some. Raises RefusedError if that is more than there are."""
        self.left -= size
        if self.left < 0:
            raise RefusedError(f"{self._what} would unpack to more than {self._most:,} bytes; mkdeck stops")


class Stream(io.RawIOBase):
    """A member's content, to be read once from start to end. What is damaged or too large is a DeckError."""

    def __init__(
        self, path: Path, layers: ExitStack, source: Source, budgets: tuple[Budget, ...],
        errors: tuple[type[Exception], ...],
    ) -> None:  # fmt: skip
        self._path, self._layers, self._source = path, layers, source
        self._budgets, self._errors = budgets, errors

    def readable(self) -> bool:
        """Give True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill `buffer` as far as it goes."""
        view = memoryview(buffer).cast("B")
        with told(self._path):
            try:
                data = self._source.read(min(len(view), _CHUNK))
            except self._errors as error:
                raise RefusedError(f"this package holds damaged zstd data ({error})") from None
            for budget in self._budgets:
                budget.take(len(data))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the member."""
        if not self.closed:
            self._layers.close()
        super().close()


@dataclass(frozen=True, slots=True)
class Container:
    """A package's zip, open."""

    path: Path
    limits: Limits
    zip: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    version: Version

    @property
    def is_zstd(self) -> bool:
        """Whether collection, media and their list are compressed by zstd."""
        return self.version == max(COLLECTIONS)

    def stream(self, name: str, most: int, *, zstd: bool, total: Budget | None = None) -> Stream:
        """Open a member, of which `most` bytes are read at the most."""
        info = self.members[name]
        what = f"`{clipped(name)}` in this package"
        if info.compress_type not in _METHODS:
            raise RefusedError(f"{what} is compressed in a way that Anki does not know")
        budget = Budget(self.limits.unpacked(info.compress_size, most), what)
        # What is told here and turns out to be more is never read: zipfile stops where the size is reached.
        Budget(budget.left, what).take(info.file_size)
        budgets = (budget,) if total is None else (budget, total)
        with ExitStack() as stack:
            source: Source = stack.enter_context(self.zip.open(info))
            errors: tuple[type[Exception], ...] = ()
            if zstd:
                source, error = _unzstd(source)
                stack.enter_context(source)
                errors = (error,)
            return Stream(self.path, stack.pop_all(), source, budgets, errors)

    def read(self, name: str, most: int, *, zstd: bool = False) -> bytes:
        """Give the content of a small member."""
        with self.stream(name, most, zstd=zstd) as stream:
            return stream.readall()


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Container]:
    """Open a package and look at the list of its members. Raises RefusedError, or what zipfile raises."""
    if path.exists() and not path.is_file():
        raise RefusedError("this is not a file")
    with _BoundedFile(io.FileIO(path), limits.directory) as file, zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if len(infos) > limits.members:
            raise RefusedError(f"this package has {len(infos):,} files; mkdeck stops at {limits.members:,}")
        members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            shown = f"`{clipped(info.filename)}`"
            if info.flag_bits & _ENCRYPTED:
                raise RefusedError(f"this package is encrypted, at {shown}")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise RefusedError(f"this package holds a symbolic link, {shown}")
            if info.filename in members:
                raise RefusedError(f"this package holds {shown} twice")
            members[info.filename] = info
        container = Container(path, limits, archive, members, 1)
        yield replace(container, version=_version(container))


def _version(container: Container) -> Version:
    """Tell which collection Anki would read; the others say only that a newer Anki is needed."""
    members = container.members
    if META in members:
        try:
            number = Message(container.read(META, _MOST_META)).number(1)
        except RefusedError as error:
            raise RefusedError(f"`meta` of this package is damaged: {error}") from None
        if number not in COLLECTIONS:
            raise RefusedError(f"this package is of version {number}, which mkdeck does not know")
    else:
        number = 2 if COLLECTIONS[2] in members else 1
    version = next(each for each in COLLECTIONS if each == number)
    if COLLECTIONS[version] not in members:
        raise RefusedError("there is no collection in this file; it is no package of Anki's")
    return version


class _BoundedFile(io.BufferedReader):
    """A file that gives only so many bytes at once: zipfile takes a whole table of contents into memory."""

    def __init__(self, raw: io.FileIO, most: int) -> None:
        super().__init__(raw)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes, or all that are left."""
        most = self._most + 1
        data = super().read(most if size is None or size < 0 else min(size, most))
        if len(data) > self._most:
            raise RefusedError(f"this package's table of contents has more than {self._most:,} bytes; mkdeck stops")
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; what lies beyond all files is damage, for which systems have errors of several kinds."""
        if offset > _FARTHEST:
            raise zipfile.BadZipFile("it points beyond its end")
        return super().seek(offset, whence)


def _unzstd(source: Source) -> tuple[Source, type[Exception]]:
    """Give the content of a zstd stream, and the error that it raises."""
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd  # noqa: PLC0415 - Python builds may lack it
        else:
            from backports import zstd  # noqa: PLC0415 - an extra, and only new packages need it
    except ImportError:
        raise RefusedError(
            "this package is in Anki's newer form, which is compressed by zstd",
            "pip install backports.zstd, or export it from Anki with `Support older Anki versions` ticked",
        ) from None
    options = {int(zstd.DecompressionParameter.window_log_max): _WINDOW_LOG}
    return zstd.ZstdFile(source, options=options), zstd.ZstdError
