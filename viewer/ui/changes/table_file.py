"""The rows of the table of changes as a CSV file, with the columns of ``ango-viewer diff``. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from viewer.diff import Comparison
from viewer.diff.rows import COLUMNS, Compared, RowValues, Side, rows_of
from viewer.diff.tables import write
from viewer.export import Row
from viewer.model import Change
from viewer.ui.changes.queue import Item
from viewer.user_files import replacing


def save_csv(path: Path, items: Sequence[Item], assets: Sequence[Row], own: Sequence[Change] = ()) -> int:
    """Write the changes in this order in one piece; how many there are. `own` as in `ChangeTable`.

    Raises ViewerError when the file cannot be written.
    """
    with replacing(path) as file:
        return write("csv", _rows(items, assets, own), "entry", file, problems=list)


def _rows(items: Iterable[Item], assets: Sequence[Row], own: Sequence[Change]) -> Iterator[RowValues]:
    for item in items:
        row = assets[item.asset] if item.asset < len(assets) else None
        visits = row.visits if row is not None else ()
        a, b = (Side(at, visits[at].stage if 0 <= at < len(visits) else None) for at in (item.a, item.b))
        asset = Compared(item.asset, row.asset_id if row else None, row.external_id if row else None)
        if item.number < len(own):
            yield from rows_of(Comparison((own[item.number],), after_of={}), asset, a, b, "entry")
            continue
        f = item.found
        values: RowValues = {
            "asset_index": asset.index, "asset_id": asset.asset_id, "external_id": asset.external_id,
            "subject": f.subject, "from_index": a.index, "from_stage": a.stage, "to_index": b.index,
            "to_stage": b.stage, "kinds": list(f.kinds), "tool": f.tool, "title": f.title or None,
            "schema_id": f.schema_id or None, "object_id_before": f.before_id, "object_id_after": f.after_id,
            "page_before": f.page_before, "page_after": f.page_after, "iou": f.iou, "shift_px": f.shift_px,
            "by": f.by, "at": f.at,
        }  # fmt: skip
        yield {name: values.get(name) for name, _ in COLUMNS}
