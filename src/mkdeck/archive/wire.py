"""Protocol Buffers, read: as much of its wire format as a package needs, without a schema compiler.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdeck.archive.limits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_FIXED = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}
_LONGEST_VARINT = 10
_HIGHEST_FIELD = (1 << 29) - 1
_MOST_VALUES = 1_000_000


class Message:
    """One message. A message within it stays bytes until somebody asks, so no nest is too deep."""

    def __init__(self, data: bytes) -> None:
        """Take the fields of a message apart. Raises RefusedError if it is none."""
        self._values: dict[int, list[int | bytes]] = {}
        at = 0
        for _ in range(_MOST_VALUES):
            if at == len(data):
                return
            key, at = _varint(data, at)
            number, kind = key >> 3, key & 7
            if not 0 < number <= _HIGHEST_FIELD:
                raise RefusedError(f"it has a field number {number}")
            value: int | bytes
            if kind == _VARINT:
                value, at = _varint(data, at)
            elif kind == _LENGTH:
                size, at = _varint(data, at)
                value, at = _cut(data, at, size)
            elif kind in _FIXED:
                value, at = _cut(data, at, _FIXED[kind])
            else:
                raise RefusedError(f"its field {number} is of an unknown kind")
            self._values.setdefault(number, []).append(value)
        if at < len(data):
            raise RefusedError(f"it has more than {_MOST_VALUES:,} values")

    def number(self, field: int) -> int:
        """Give a whole number, 0 if it is not there."""
        value = self.number_if_any(field)
        return 0 if value is None else value

    def number_if_any(self, field: int) -> int | None:
        """Give a whole number of up to 64 bits, with its sign, or None."""
        value = self._last(field)
        if value is None:
            return None
        if isinstance(value, bytes):
            raise RefusedError(f"its field {field} is no number")
        return value - (1 << 64) if value >= 1 << 63 else value

    def raw(self, field: int) -> bytes:
        """Give bytes, or the bytes of a message, empty if it is not there."""
        return self._bytes(self._last(field), field)

    def text(self, field: int) -> str:
        """Give a text, empty if it is not there."""
        try:
            return self.raw(field).decode()
        except UnicodeDecodeError:
            raise RefusedError(f"its field {field} is no UTF-8") from None

    def each(self, field: int) -> Sequence[bytes]:
        """Give the bytes of a repeated field."""
        return [self._bytes(value, field) for value in self._values.get(field, ())]

    def has(self, field: int) -> bool:
        """Tell whether a field is there, be it empty."""
        return field in self._values

    def _last(self, field: int) -> int | bytes | None:
        values = self._values.get(field)
        return values[-1] if values else None

    @staticmethod
    def _bytes(value: int | bytes | None, field: int) -> bytes:
        if isinstance(value, int):
            raise RefusedError(f"its field {field} is a number")
        return value or b""


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first; give it and where it ends."""
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            if value >= 1 << 64:
                break
            return value, at + place + 1
    raise RefusedError("it has a number that is cut off or too long")


def _cut(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if size > len(data) - at:
        raise RefusedError(f"it says that {size:,} bytes follow, and {len(data) - at:,} do")
    return data[at : at + size], at + size
