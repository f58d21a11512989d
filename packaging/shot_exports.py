"""Exports that the screenshots open beside the demo: one whose links have expired, one that is still being read."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from viewer import resources

ASSETS = 480
READ = 140
"""How many assets of the long export are listed when its picture is taken."""
RECENTS: tuple[tuple[str, timedelta], ...] = (
    ("work/aerial/aerial-vehicles_2026-11-20.json", timedelta(minutes=12)),
    ("Downloads/harbour-inspections-task-export-2026-11-18T16-02-11.zip", timedelta(hours=16, minutes=50)),
    ("data/radiology/exports/thorax-ct-batch-7.ndjson", timedelta(days=5)),
    ("bundles/shelf-audit.json", timedelta(days=12)),
    ("work/pilot/pilot-consensus.json", timedelta(days=21)),
)
"""(place in the home folder, how long ago it was opened)"""
LEFT: dict[str, timedelta] = {
    "aerial-vehicles_2026-11-20.json": timedelta(hours=21, minutes=30),
    "harbour-inspections-task-export-2026-11-18T16-02-11.zip": timedelta(hours=2, minutes=40),
    "thorax-ct-batch-7.ndjson": timedelta(days=-3),
}
"""How long the links of these are still valid; those of the others are not signed."""
REFUSED = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


def demo_file() -> Path:
    """The demo's JSON file."""
    (path,) = resources.path("demo").glob("*.json")
    return path


def demo_assets() -> list[dict[str, Any]]:
    """The demo's assets as they are exported."""
    found: list[dict[str, Any]] = json.loads(demo_file().read_text(encoding="utf-8"))
    return found


def expired(folder: Path, server: str, now: datetime) -> Path:
    """The demo's first two assets behind links of `server` that ended three days before `now`."""
    began = (now - timedelta(days=10)).strftime("%Y%m%dT%H%M%SZ")
    assets = demo_assets()[:2]
    for asset in assets:
        name = asset["externalId"].rsplit("/", 1)[-1]
        link = f"{server}/{name}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={began}&X-Amz-Expires=604800"
        asset["asset"] = f"{link}&X-Amz-SignedHeaders=host&X-Amz-Signature={'0' * 64}"
        asset.pop("dataset", None)
        asset["task"].pop("brushDataUrl", None)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "harbour-inspections_2026-11-10.json"
    path.write_text(json.dumps(assets), encoding="utf-8")
    return path


def listing(folder: Path) -> Path:
    """An export of many assets whose pictures are the demo's first."""
    first = demo_assets()[0]
    task = {**first["task"], "stageHistory": first["task"]["stageHistory"][-2:]}
    assets = []
    for number in range(ASSETS):
        tools = task["tools"][: 4 + number * 7 % 23] if number else task["tools"]
        assets.append({
            **first, "externalId": f"site-{number // 40 + 1:02}/lot_{number + 231:04}.jpg",
            "assetId": f"{number:024x}",
            "task": {**task, "taskId": f"{number + 9000:024x}", "tools": tools, "relations": [],
                     "stageHistory": [] if number else task["stageHistory"]},
        })  # fmt: skip
    (folder / "media").mkdir(parents=True, exist_ok=True)
    for name in ("lot_0231.jpg", "lot_0231-brush.png"):
        shutil.copy(demo_file().parent / "media" / name, folder / "media" / name)
    path = folder / "aerial-vehicles.json"
    path.write_text(json.dumps(assets), encoding="utf-8")
    return path


def stages(folder: Path) -> Path:
    """The demo's first picture with histories of 1, 6, 12 and 40 stages: some of seconds, some of hours, one rest."""
    first = demo_assets()[0]
    history = first["task"]["stageHistory"]
    assets = []
    for count in (1, 6, 12, 40):
        moment = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
        visits = []
        for n in range(count - 1):
            visit = dict(history[min(n, 1) if n < 2 else 1 + n % (len(history) - 1)])
            duration = timedelta(seconds=3) if n % 5 == 3 else timedelta(hours=1 + n % 3)
            moment += duration + (timedelta(days=9) if n == 4 else timedelta(minutes=20))
            done = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            visits.append({**visit, "completedAt": done, "duration": int(duration.total_seconds() * 1000)})
        task = {**first["task"], "taskId": f"{count:024x}", "stageHistory": visits}
        assets.append({**first, "externalId": f"stages/{count}.jpg", "assetId": f"{count:024x}", "task": task})
    (folder / "media").mkdir(parents=True, exist_ok=True)
    for name in ("lot_0231.jpg", "lot_0231-brush.png"):
        shutil.copy(demo_file().parent / "media" / name, folder / "media" / name)
    path = folder / "histories.json"
    path.write_text(json.dumps(assets), encoding="utf-8")
    return path


class _Refuses(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """What a store says of a link past its end."""
        self.send_response(403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(REFUSED)))
        self.end_headers()
        self.wfile.write(REFUSED)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def log_message(self, *arguments: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def refusing_server() -> Iterator[str]:
    """A server on this machine for which every link has expired; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Refuses)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
