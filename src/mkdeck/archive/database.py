"""The SQLite database of a package, opened so that whatever it holds is read within bounds and changes nothing."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from mkdeck.archive.limits import Limits, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLES = frozenset(["col", "notes", "cards"])
NOTE_TYPE_TABLES = frozenset(["notetypes", "fields", "templates", "decks"])
"""Those that Anki has had since its schema 15, in place of JSON in `col`."""
_TABLES = TABLES | NOTE_TYPE_TABLES
_TICK = 1000
"""Steps of SQLite's machine between two looks at the clock."""
_SCHEMA_TICKS = 200
"""The schema of Anki takes one. One of millions of tables would take gigabytes."""
_LONGEST_SQL = 100_000


class Database:
    """The collection, its texts as bytes: what is no UTF-8 in one row does not keep the others from being read."""

    def __init__(self, connection: sqlite3.Connection, limits: Limits) -> None:
        self._connection, self._limits = connection, limits
        self._ticks, self._end = _SCHEMA_TICKS, time.monotonic() + limits.seconds
        self._too_much = "its schema is too large"
        connection.set_progress_handler(self._is_over, _TICK)
        self.tables = self._tables()
        self._ticks = -1
        self._too_much = f"reading it takes more than {limits.seconds:g} seconds"

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Give the rows of one of mkdeck's own queries."""
        try:
            # Not `yield from`: that would close the cursor, which a closed connection takes for an error.
            for row in self._connection.execute(sql):  # noqa: UP028
                yield row
        except sqlite3.OperationalError as error:
            if self._ticks == 0 or time.monotonic() > self._end:
                raise RefusedError(f"the collection in this package is too much: {self._too_much}") from None
            if "no such column" in str(error):
                raise RefusedError(f"the collection in this package is not one of Anki's ({error})") from None
            raise
        except MemoryError:
            # A row that says it has more bytes than there can be.
            raise RefusedError("the collection in this package is damaged (a row of it has no end)") from None

    def _is_over(self) -> bool:
        self._ticks -= self._ticks > 0
        return self._ticks == 0 or time.monotonic() > self._end

    def _tables(self) -> frozenset[str]:
        """Name the tables of Anki that are there. A view or a virtual table could stand for a query without end."""
        found = set()
        for kind, name, page, sql in self.rows("select type, name, rootpage, sql from sqlite_master"):
            table = name.decode(errors="replace") if isinstance(name, bytes) else ""
            if kind not in (b"table", b"view") or table not in _TABLES:
                continue
            head = sql.partition(b"(")[0].lower() if isinstance(sql, bytes) else b"virtual"
            if kind == b"table" and page and b"virtual" not in head:
                found.add(table)
            else:
                raise RefusedError(f"the collection in this package is not one of Anki's: `{table}` is no table")
        if missing := TABLES - found:
            names = ", ".join(sorted(missing))
            raise RefusedError(f"the collection in this package is not one of Anki's: it has no {names}")
        for table in sorted(found):
            # An authorizer is not asked about what a column calls, and no clock stops within one call.
            if any(hidden for *_, hidden in self.rows(f"pragma table_xinfo({table})")):
                raise RefusedError(f"the collection in this package is not one of Anki's: `{table}` is computed")
        return frozenset(found)


@contextmanager
def opened_database(path: Path, limits: Limits) -> Iterator[Database]:
    """Open a database that nobody else has open. Raises RefusedError, or what sqlite3 raises."""
    # `immutable` also keeps a journal that lies about from being looked for.
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.value)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_SQL)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.text_factory = bytes
        for pragma in ("trusted_schema=off", "query_only=on", "cell_size_check=on", "mmap_size=0"):
            connection.execute(f"pragma {pragma}")
        connection.create_collation("unicase", _unicase)
        connection.set_authorizer(_authorized)
        yield Database(connection, limits)


def _authorized(action: int, name: str | None, *_: object) -> int:
    """Let a query read Anki's tables, and nothing else."""
    is_fine = (
        action == sqlite3.SQLITE_SELECT
        or (action == sqlite3.SQLITE_READ and (name in _TABLES or name == "sqlite_master"))
        or (action == sqlite3.SQLITE_PRAGMA and name == "table_xinfo")
    )
    return sqlite3.SQLITE_OK if is_fine else sqlite3.SQLITE_DENY


def _unicase(a: str, b: str) -> int:
    """Compare as Anki's collation does. No query of mkdeck needs it; SQLite may."""
    first, second = a.casefold(), b.casefold()
    return (first > second) - (first < second)
