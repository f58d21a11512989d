"""Reports of transfers as tests want them, with the fonts and colours of the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from viewer.fetch.transfer import Priority, QueueReport, TransferReport
from viewer.ui import theme

Report = Callable[..., QueueReport]


def transfer(name: str = "lot_0231.jpg", state: str = "running", **changes: Any) -> TransferReport:
    """One transfer: 4.1 of 38 MB at 2.2 MB/s, unless something else is said."""
    is_begun = state in ("running", "paused")
    members: dict[str, Any] = {
        "key": name, "name": name, "state": state, "priority": Priority.REST,
        "received": 4_100_000 if is_begun else 38_000_000 if state == "done" else 0,
        "total": 38_000_000 if is_begun or state == "done" else None,
        "bytes_per_s": 2_200_000.0 if state == "running" else 0.0,
        "sentence": f"shop.test refused {name} (403)." if state == "failed" else "", "code": "", "retry_in_s": None,
    }  # fmt: skip
    return TransferReport(**members | changes)


def queue_of(*transfers: TransferReport, more: int = 0, **changes: Any) -> QueueReport:
    """All of them; `more` wait that are not told one by one."""
    counts = Counter(one.state for one in transfers)
    if more:
        counts["waiting"] += more
    members: dict[str, Any] = {
        "transfers": transfers, "counts": dict(counts), "received": sum(one.received for one in transfers),
        "under_way": 0, "bytes_per_s": sum(one.bytes_per_s for one in transfers), "is_paused": False, "sentence": "",
    }  # fmt: skip
    return QueueReport(**members | changes)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    yield
    qapp.setStyleSheet("")
