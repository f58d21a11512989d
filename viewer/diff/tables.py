"""Rows of changes written as JSON, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, get_args

from viewer.diff.rows import Level, RowValues, columns_of
from viewer.errors import ViewerError

Form: TypeAlias = Literal["json", "csv", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection)."""


def write(
    form: Form,
    rows: Iterable[RowValues],
    level: Level,
    out: IO[bytes],
    *,
    problems: Callable[[], list[Any]],
) -> int:
    """Write all rows; how many there were. `problems` are asked for after the last row and only JSON holds them.

    Raises ViewerError when the library that Parquet needs is not installed.
    """
    if form == "json":
        return _write_json(rows, out, problems)
    if form == "csv":
        return _write_csv(rows, level, out)
    return _write_parquet(rows, level, out)


def _json(value: Any) -> str:
    return json.dumps(_sound(value), ensure_ascii=False, allow_nan=False)


def _sound(value: Any) -> Any:
    """JSON knows no NaN and no infinity, UTF-8 no lone surrogate: an export's answers may hold each."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value
    if isinstance(value, dict):
        return {_sound(str(name)): _sound(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_sound(item) for item in value]
    return value


def _write_json(rows: Iterable[RowValues], out: IO[bytes], problems: Callable[[], list[Any]]) -> int:
    count = 0
    out.write(b'{"changes": [')
    for count, row in enumerate(rows, 1):
        out.write((",\n " if count > 1 else "\n ").encode() + _json(row).encode())
    out.write(b"\n]" if count else b"]")
    listed = problems()
    out.write(b',\n"problems": [')
    out.write(",".join(f"\n {_json(problem)}" for problem in listed).encode())
    out.write(b"\n]}\n" if listed else b"]}\n")
    return count


def flat(row: RowValues) -> Iterator[Any]:
    """The values of a row for a table: lists as JSON text."""
    for value in row.values():
        yield _json(value) if isinstance(value, list) else _sound(value)


def cell(value: Any) -> Any:
    """A value for CSV: what a spreadsheet would take for a formula begins with an apostrophe; None is empty."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class _Encoded:
    """What `csv` writes its text to."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text.encode("utf-8"))


def _write_csv(rows: Iterable[RowValues], level: Level, out: IO[bytes]) -> int:
    writer = csv.writer(_Encoded(out))
    writer.writerow([name for name, _ in columns_of(level)])
    count = 0
    for row in rows:
        count += 1
        writer.writerow([cell(value) for value in flat(row)])
    return count


def check_parquet() -> None:
    """Raises ViewerError when Parquet cannot be written here."""
    try:
        import duckdb  # noqa: F401
    except ImportError as error:
        raise ViewerError(
            "Parquet needs the optional extra: install ango-viewer[parquet], or choose --format csv or json."
        ) from error


def _write_parquet(rows: Iterable[RowValues], level: Level, out: IO[bytes]) -> int:
    check_parquet()
    import duckdb

    columns = columns_of(level)
    with tempfile.TemporaryDirectory(prefix="ango-viewer-") as folder:
        lines, table = Path(folder) / "rows.ndjson", Path(folder) / "rows.parquet"
        count = 0
        with lines.open("wb") as file:
            for row in rows:
                count += 1
                values = dict(zip((name for name, _ in columns), flat(row)))
                file.write(_json(values).encode() + b"\n")
        with duckdb.connect() as database:
            wanted = ", ".join(f'"{name}" {kind}' for name, kind in columns)
            database.execute(f"CREATE TABLE changes ({wanted})")
            if count:
                types = dict(columns)
                database.execute(
                    "INSERT INTO changes SELECT * FROM read_json(?, format = 'newline_delimited', columns = "
                    f"{types!r}, maximum_object_size = 1073741824)",
                    [str(lines)],
                )
            target = str(table).replace("'", "''")
            database.execute(f"COPY changes TO '{target}' (FORMAT parquet)")
        with table.open("rb") as file:
            while block := file.read(1 << 20):
                out.write(block)
    return count
