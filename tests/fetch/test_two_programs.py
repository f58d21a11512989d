"""Two programs and one cache: each file is fetched once, and neither takes from the other what it uses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.fetch.test_kill import INTO_THE_CACHE, ROOT
from tests.make.fault_server import serving
from viewer.fetch.cache import Cache

FILES = 12


def test_each_file_is_fetched_once(tmp_path: Path) -> None:
    with serving() as server:
        server.files = {f"/{k}.png": bytes([k]) * 400_000 for k in range(FILES)}
        export = tmp_path / "e.json"
        export.write_text(json.dumps([{"asset": server.url(name)} for name in server.files]))
        server.stop_at, server.hangs_up = 1_000_000, False  # both are in the middle of it
        arguments = [sys.executable, "-c", INTO_THE_CACHE, str(export), str(tmp_path / "cache")]
        programs = [subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline().strip() == b"begun"
        assert server.stopped.wait(60)
        server.go_on.set()
        for program in programs:
            program.communicate(timeout=60)
            assert program.returncode == 0
        assert len(server.requests) == FILES
        assert server.sent == FILES * 400_000
        cache = Cache(tmp_path / "cache")
        assert cache.size() == (FILES, FILES * 400_000)
        assert cache.clear() == FILES * 400_000, "nobody uses them any more"
        cache.close()
