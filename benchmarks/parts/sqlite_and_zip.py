"""The least that writing a package takes: rows that lie ready into SQLite, the file into a zip. Prints the seconds.

python sqlite_and_zip.py ROWS.apkg OUT.apkg LEVEL

The rows, tables and indexes are those of a package in the older form; level 0 stores the database, others
deflate it.
"""

from __future__ import annotations

import gc
import sqlite3
import sys
import tempfile
import time
import zipfile
from contextlib import closing
from pathlib import Path

Table = list[tuple[object, ...]]


def main(source: str, target: str, level: str) -> None:
    gc.disable()
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(source) as package:
            tables, indexes, rows = _content(Path(package.extract("collection.anki2", folder)))
        start = time.perf_counter()
        database = Path(folder, "written")
        _write(database, tables, indexes, rows)
        compression = zipfile.ZIP_DEFLATED if int(level) else zipfile.ZIP_STORED
        with zipfile.ZipFile(target, "w", compression, compresslevel=int(level)) as package:
            package.write(database, "collection.anki2")
            package.writestr("media", "{}")
        print(time.perf_counter() - start)


def _content(database: Path) -> tuple[list[str], list[str], dict[str, Table]]:
    """Read the statements that make tables and indexes, and the rows of each table."""
    with closing(sqlite3.connect(database)) as connection:
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql NOT NULL").fetchall()
        rows = {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()
            for kind, name, _ in schema
            if kind == "table" and not name.startswith("sqlite_")
        }
    tables = [sql for kind, name, sql in schema if kind == "table" and not name.startswith("sqlite_")]
    return tables, [sql for kind, _, sql in schema if kind == "index"], rows


def _write(database: Path, tables: list[str], indexes: list[str], rows: dict[str, Table]) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.executescript("PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for statement in tables:
            connection.execute(statement)
        for name, table in rows.items():
            if table:
                connection.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(table[0]))})", table)
        connection.execute("COMMIT")
        connection.executescript("; ".join(indexes))


if __name__ == "__main__":
    main(*sys.argv[1:])
