"""Transfers that the screenshots show: busy, paused and failed, always with the same figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from viewer.fetch.transfer import Priority, QueueReport, State, TransferReport
from viewer.ui.main_window import MainWindow

MB = 1_000_000
MISSING = 374
FINISHED = 38
ROOM = "Cache 1.2 GB of 20 GB"
REFUSED = (
    "shop-media.example refused {0} (403 AccessDenied): the link gives no right to it, or the file is gone. "
    "Open a newer export, look in a folder that holds the file, or locate it."
)
GONE = (
    "{0} is gone from the server shop-media.example (404). Open a newer export, look in a folder that holds the "
    "file, or locate it."
)
SILENT = "shop-media.example has not answered for 30 s. Try again, or look whether the network is there."


def _transfer(number: int, state: State, received: float = 0.0, total: float | None = None, **more: Any) -> Any:
    name = f"lot_{number:04}.jpg"
    sentence = more.pop("sentence", "").format(name)
    members: dict[str, Any] = {
        "key": name, "name": name, "state": state, "priority": Priority.REST, "received": round(received * MB),
        "total": None if total is None else round(total * MB), "bytes_per_s": 0.0, "sentence": sentence, "code": "",
        "retry_in_s": None,
    }  # fmt: skip
    return TransferReport(**members | more)


def _running(state: State = "running") -> list[TransferReport]:
    shares = ((0.41, 38, 2.2), (0.83, 6.2, 0.9), (0.22, 21, 1.4), (0.08, 44, 0.6))
    return [
        _transfer(232 + n, state, share * total, total, bytes_per_s=speed * MB if state == "running" else 0.0)
        for n, (share, total, speed) in enumerate(shares)
    ]


def report(name: str) -> QueueReport:
    """``busy``, ``paused`` or ``failed``."""
    waiting = [_transfer(236 + n, "waiting") for n in range(MISSING - 44)]
    done = [_transfer(1 + n, "done", 4.1 + n % 9, 4.1 + n % 9) for n in range(FINISHED)]
    if name == "busy":
        busy = _transfer(231, "running", 1.3, 12, retry_in_s=12.0, is_busy=True, sentence="It has too much to do.")
        shown = [busy, *_running(), *waiting, *done]
    elif name == "paused":
        shown = [*_running("paused")[:1], *_running("waiting")[1:], *waiting, *done]
    else:
        failed = [
            _transfer(238, "failed", sentence=REFUSED),
            _transfer(242, "failed", sentence=GONE),
            _transfer(244, "failed", 3.1, 22, sentence=SILENT),
        ]
        shown = [*failed, *_running()[:2], *done]
    speed = sum(one.bytes_per_s for one in shown)
    return QueueReport(
        transfers=tuple(shown), counts=dict(Counter(one.state for one in shown)), received=0, under_way=0,
        bytes_per_s=speed, is_paused=name == "paused", sentence="",
    )  # fmt: skip


def show(window: MainWindow, name: str) -> None:
    """Let the open panel show them: the queue itself is looked at no more."""
    queue, everything = window.session.transfers, window.transfers.everything
    queue._ask = lambda: None  # type: ignore[method-assign]
    queue._take = lambda *_: None  # type: ignore[assignment, method-assign]
    queue._timer.stop()
    everything.missing, everything.is_under_way = (3 if name == "failed" else MISSING), name != "failed"
    queue.report, queue.finished = report(name), FINISHED
    queue.reported.emit(queue.report)
    everything.changed.emit()
    window.transfers.panel.show_room(ROOM)
    everything.count = lambda: None  # type: ignore[method-assign]
