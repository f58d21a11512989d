"""A real S3 server that checks signatures: OpenStack Swift with its s3api on loopback, in an environment of its own.

``python -m tests.make.swift_server`` installs it (once, into the user's cache folder), so that its libraries stay
out of the program's.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import platformdirs

REQUIREMENT = "swift==2.38.3"
KEY_ID, SECRET, REGION = "test:tester", "testing", "eu-central-1"
EXPIRES_S = 120_000  # as Ango Hub signs
SERVERS = ("account", "container", "object")
# The place is found before a test gets a home of its own.
PLACE = platformdirs.user_cache_path("ango-viewer-tests", appauthor=False)

SERVER = """
import eventlet
eventlet.monkey_patch()
import os, sys
from eventlet import patcher, wsgi
from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import SwiftHttpProtocol, loadapp

folder, *ports = sys.argv[1:]
names = ("account", "container", "object", "proxy")
ports = dict(zip(names, map(int, ports)))
for name in names[:3]:
    ring = RingBuilder(4, 1, 1)
    ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": ports[name], "device": "d1", "weight": 1.0,
                  "replication_ip": "127.0.0.1", "replication_port": ports[name], "meta": ""})
    ring.rebalance()
    ring.get_ring().save(f"{folder}/{name}.ring.gz")
utils.set_swift_dir(folder)

def end_with_our_starter():
    os.read(0, 1)
    os._exit(0)

patcher.original("threading").Thread(target=end_with_our_starter, daemon=True).start()
for name in names:
    listener = eventlet.listen(("127.0.0.1", ports[name]))
    eventlet.spawn(wsgi.server, listener, loadapp(f"{folder}/{name}.conf"), protocol=SwiftHttpProtocol,
                   log_output=False)
print("listening", flush=True)
while True:
    eventlet.sleep(3600)
"""


class NotHere(Exception):  # noqa: N818 - a reason to skip
    """Why there is no such server on this machine."""


def environment() -> Path:
    """The Python that has Swift, installed when it is not there yet. Raises NotHere."""
    starter = sys.executable
    if sys.version_info >= (3, 14):  # its eventlet does not follow
        starter = shutil.which("python3.13") or ""
        if not starter:
            raise NotHere("OpenStack Swift needs Python 3.13 or older beside this one")
    name = hashlib.sha256(f"{REQUIREMENT} {starter} {sys.version}".encode()).hexdigest()[:12]
    folder = PLACE / f"swift-{name}"
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return python
    for command in (
        [starter, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise NotHere(f"OpenStack Swift could not be installed: {last}")
    (folder / "ready").touch()
    return python


class Swift:
    """A running server with one bucket; its files live in `folder`, whose file system must have user attributes."""

    bucket = "assets"

    def __init__(self, folder: Path) -> None:
        python = environment()
        _check_attributes(folder)
        (folder / "d1").mkdir()
        with ExitStack() as stack:
            sockets = [stack.enter_context(socket.socket()) for _ in range(4)]
            for one in sockets:
                one.bind(("127.0.0.1", 0))
            ports = [one.getsockname()[1] for one in sockets]
        self.port: int = ports[3]
        _configure(folder)
        script = folder / "server.py"
        script.write_text(SERVER)
        # None of our environment: a PYTHONPATH or a proxy would reach it
        self._process = subprocess.Popen(
            [python, script, folder, *map(str, ports)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "HOME": str(folder)},
        )  # fmt: skip
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != b"listening":
            self.close()
            raise RuntimeError("Swift did not start")
        self._send("PUT", f"/{self.bucket}")

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def put(self, key: str, content: bytes | Path) -> None:
        """Store an object; a path names a file of that content."""
        path = f"/{self.bucket}/{quote(key)}"
        if isinstance(content, bytes):
            self._send("PUT", path, content)
        else:
            with content.open("rb") as file:
                self._send("PUT", path, file, {"Content-Length": str(content.stat().st_size)})

    def delete(self, key: str) -> None:
        """Remove an object."""
        self._send("DELETE", f"/{self.bucket}/{quote(key)}")

    def url(self, key: str, *, expires_s: int = EXPIRES_S, at: datetime | None = None) -> str:
        """A signed GET link in the shape of Ango Hub's, signed `at` (now)."""
        return self._signed("GET", f"/{self.bucket}/{quote(key)}", expires_s, at, {"x-id": "GetObject"})

    def _signed(self, method: str, path: str, expires_s: int, at: datetime | None, more: dict[str, str]) -> str:
        """AWS Signature Version 4 in the query."""
        moment = (at or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{moment[:8]}/{REGION}/s3/aws4_request"
        members = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
            "X-Amz-Credential": f"{KEY_ID}/{scope}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": str(expires_s),
            "X-Amz-SignedHeaders": "host",
            **more,
        }
        query = "&".join(f"{quote(name, '')}={quote(value, '')}" for name, value in sorted(members.items()))
        host = f"127.0.0.1:{self.port}"
        request = f"{method}\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = f"AWS4{SECRET}".encode()
        for word in scope.split("/"):
            key = hmac.digest(key, word.encode(), "sha256")
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        return f"http://{host}{path}?{query}&X-Amz-Signature={signature}"

    def _send(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> None:
        url = self._signed(method, path, 3600, None, {})
        request = urllib.request.Request(url, data=body, method=method, headers=headers or {})  # type: ignore[arg-type]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(request).close()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read()[:500]!r}") from None


def _check_attributes(folder: Path) -> None:
    try:
        os.setxattr(folder, "user.ango", b"1")
    except (AttributeError, OSError):
        raise NotHere("OpenStack Swift needs a file system with user attributes for its files") from None


def _configure(folder: Path) -> None:
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n")
    common = f"[DEFAULT]\nswift_dir = {folder}\nlog_name = swift\nlog_address = /nowhere\n"
    for name in SERVERS:
        (folder / f"{name}.conf").write_text(
            f"{common}devices = {folder}\nmount_check = false\ndisable_fallocate = true\n"
            f"[pipeline:main]\npipeline = {name}-server\n[app:{name}-server]\nuse = egg:swift#{name}\n"
        )
    filters = {"catch_errors": "", "healthcheck": "", "s3api": f"location = {REGION}\n",
               "tempauth": "user_test_tester = testing .admin\n"}  # fmt: skip
    (folder / "proxy.conf").write_text(
        f"{common}[pipeline:main]\npipeline = {' '.join(filters)} proxy-server\n"
        + "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n{more}" for name, more in filters.items())
        + "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
    )


if __name__ == "__main__":
    try:
        environment()
    except NotHere as reason:
        sys.exit(f"{reason}. The tests against a real server are skipped.")
