"""An imitation of Ango Hub on loopback: signs links and exports projects for who has the key, and misbehaves."""

from __future__ import annotations

import contextlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "canaryKeyOf0urHub77"
SIGNATURE = "canary5ignatureOfTheHub"
PROJECT = "64e8a0b2c3d4e5f607182930"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it came."""

    path: str
    query: dict[str, str]
    raw: str
    headers: dict[str, str] = field(repr=False)


class HubServer:
    """Answers ``/v2/getSignedUrl`` and ``/v2/export``, and sends `files` to those whose link has its signature."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.files: dict[str, bytes] = {}
        """By path; a link without the signature gets 403, as a store's expired one does."""
        self.export: list[dict[str, Any]] = []
        """The assets of a fresh export."""
        self.answers: list[tuple[int, bytes, dict[str, str]]] = []
        """(status, body, headers) to give instead, one a question, before it is obeyed again."""
        self.always: tuple[int, bytes, dict[str, str]] | None = None
        self.unknown: set[str] = set()
        """Names of files that the project has not."""
        self.moment = datetime.now(UTC)
        self.held = threading.Event()
        """Cleared: questions wait for it. Set when the server closes."""
        self.held.set()
        self.running = self.most = 0
        """Questions at a time, and the most there were."""
        self._lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with contextlib.suppress(OSError):
                    owner._answer(self)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        self.host = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def url(
        self, path: str, *, signature: str = SIGNATURE, seconds: int = 120_000, moment: datetime | None = None
    ) -> str:
        """A link to a file as the store's signing makes it."""
        date = (moment or self.moment).strftime("%Y%m%dT%H%M%SZ")
        return (
            f"{self.host}{path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20240902%2Feu-central-1%2Fs3"
            f"%2Faws4_request&X-Amz-Date={date}&X-Amz-Expires={seconds}&X-Amz-Signature={signature}"
            "&X-Amz-SignedHeaders=host"
        )

    def dead(self, path: str) -> str:
        """A link that ended long ago."""
        return self.url(path, signature="0ldSignature", moment=datetime(2024, 9, 2, 10, 15, tzinfo=UTC))

    def questions(self, path: str = "/v2/getSignedUrl") -> list[Asked]:
        """Those of one kind."""
        return [asked for asked in self.asked if asked.path == path]

    def close(self) -> None:
        self.held.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        asked = Asked(parts.path, query, request.path, {name.lower(): value for name, value in request.headers.items()})
        with self._lock:
            self.asked.append(asked)
            self.running += 1
            self.most = max(self.most, self.running)
        try:
            status, body, headers = self._reply(asked)
        finally:
            with self._lock:
                self.running -= 1
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    def _reply(self, asked: Asked) -> tuple[int, bytes, dict[str, str]]:
        if not asked.path.startswith("/v2/"):
            return self._file(asked)
        self.held.wait()
        if asked.headers.get("apikey") != KEY:
            return 401, b'{"status": "fail", "message": "Unauthorized"}', {}
        with self._lock:
            if self.answers:
                return self.answers.pop(0)
        if self.always is not None:
            return self.always
        if asked.query.get("project") != PROJECT:
            return 404, b'{"message": "no such project"}', {}
        if asked.path == "/v2/getSignedUrl":
            name = asked.query.get("name", "")
            if "?" in name or not asked.query.get("type") or name in self.unknown:
                return 404, b"{}", {}
            return 200, _json({"data": {"signedUrl": self.url(urlsplit(name).path)}}), {}
        if asked.path == "/v2/export":
            return 200, _json({"data": {"exportPath": self.url("/exports/fresh.zip")}}), {}
        return 404, b"", {}

    def _file(self, asked: Asked) -> tuple[int, bytes, dict[str, str]]:
        if asked.query.get("X-Amz-Signature") != SIGNATURE:
            return 403, b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", {}
        if asked.path == "/exports/fresh.zip":
            return 200, zipped(self.export), {"Content-Type": "application/zip"}
        content = self.files.get(asked.path)
        return (404, b"<Error><Code>NoSuchKey</Code></Error>", {}) if content is None else (200, content, {})


def zipped(assets: list[dict[str, Any]]) -> bytes:
    """A ZIP as exports come: one NDJSON member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Project-task-export.ndjson", "\n".join(map(json.dumps, assets)))
    return file.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@contextlib.contextmanager
def serving() -> Iterator[HubServer]:
    """A server for the time of a test."""
    server = HubServer()
    try:
        yield server
    finally:
        server.close()
