"""JSON as packages hold it, and values of which one cannot be sure what they are."""

from __future__ import annotations

import json
from typing import Any

from mkdeck.archive.limits import RefusedError
from mkdeck.diagnostics import clipped

_BITS = 63
_LONGEST_NUMBER = 20


def parsed(data: bytes) -> dict[str, Any]:
    """Read a mapping. Raises RefusedError if it is none."""
    try:
        found = json.loads(data.decode())
    except RecursionError:
        raise RefusedError("its JSON is nested too deeply") from None
    except UnicodeDecodeError:
        raise RefusedError("it is no UTF-8") from None
    except ValueError as error:
        raise RefusedError(f"it is no JSON ({clipped(str(error))})") from None
    if not isinstance(found, dict):
        raise RefusedError("it is no mapping")
    return found


def whole(value: object, what: str) -> int:
    """Take a whole number, which some makers of packages write as a text."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and value.removeprefix("-").isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -(1 << _BITS) <= value < 1 << _BITS:
        raise RefusedError(f"{what} is no whole number")
    return value


def whole_or_none(value: object) -> int | None:
    """Take a whole number if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << _BITS else None


def text(value: object, what: str) -> str:
    """Take a text. Half of a surrogate pair, which JSON can hold, is none: no file could be written with it."""
    if not isinstance(value, str):
        raise RefusedError(f"{what} is no text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RefusedError(f"{what} is no text of Unicode") from None
    return value
