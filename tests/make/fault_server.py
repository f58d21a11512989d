"""An HTTP server on loopback that answers exactly the bytes it is told to, and misbehaves on demand."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Send = Callable[[bytes], None]
Answer = Callable[[Send], None]


class Request:
    """One request as it came: the request line's target, byte for byte, and the headers."""

    def __init__(self, head: bytes) -> None:
        line, *fields = head.split(b"\r\n")
        self.method, self.target, _ = line.split(b" ", 2)
        self.headers = {
            name.decode().lower(): value.strip().decode("latin-1")
            for name, _, value in (field.partition(b":") for field in fields)
        }


class FaultServer:
    """Answers by path. `held` is what a hanging answer waits for; closing the server sets it."""

    def __init__(self, *, certificate: Path | None = None) -> None:
        self.requests: list[Request] = []
        self.names: list[str | None] = []
        """Server names (SNI) of TLS connections."""
        self.held = threading.Event()
        self.files: dict[str, bytes] = {}
        """Whole files by path, sent with ETag and by ranges; `sent` counts the bytes of their bodies."""
        self.sent = 0
        self.stop_at: int | None = None
        """So many bytes are sent, then nothing until `go_on`; `stopped` tells."""
        self.hangs_up = True
        """Whether connections that were stopped end then: whoever waited for them may be gone."""
        self.stopped, self.go_on = threading.Event(), threading.Event()
        self._counting = threading.Lock()
        self._answers: dict[str, list[Answer]] = {}
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    owner._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

            def get_request(self) -> tuple[Any, Any]:
                connection, client = super().get_request()
                if owner._tls is not None:
                    try:
                        connection = owner._tls.wrap_socket(connection, server_side=True)
                    except OSError:
                        connection.close()
                        raise
                return connection, client

        self._tls = self._context(certificate) if certificate else None
        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def _context(self, certificate: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        return context

    def url(self, path: str, *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def answers(self, path: str, *answers: Answer | bytes) -> str:
        """Give these answers one after the other for `path` (the last one for ever). Returns the URL."""
        self._answers[path] = [_bytes(answer) if isinstance(answer, bytes) else answer for answer in answers]
        return self.url(path)

    def _serve(self, connection: socket.socket) -> None:
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65536)
                if not received:
                    return
                head += received
            request = Request(head.partition(b"\r\n\r\n")[0])
            self.requests.append(request)
            path = request.target.decode("latin-1").partition("?")[0]
            if path in self.files:
                answer = self._file(self.files[path], request)
            else:
                answers = self._answers.get(path, [status(404)])
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
            try:
                answer(connection.sendall)
            except _HangUp:
                connection.shutdown(socket.SHUT_RDWR)
                return

    def _file(self, content: bytes, request: Request) -> Answer:
        return lambda send: self._send_file(send, content, request)

    def _send_file(self, send: Send, content: bytes, request: Request) -> None:
        etag = f'"{zlib.crc32(content)}"'
        start = int(re.findall(r"[0-9]+", request.headers.get("range", "0"))[0])
        if request.headers.get("if-range", etag) != etag:
            start = 0
        headers = {"ETag": etag, "Accept_Ranges": "bytes"}
        if start:
            headers["Content_Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        send(reply(b"", code=206 if start else 200, length=len(content) - start, **headers))
        for at in range(start, len(content), 65536):
            piece = content[at : at + 65536]
            with self._counting:
                is_stop = self.stop_at is not None and self.sent >= self.stop_at and not self.go_on.is_set()
                self.sent += 0 if is_stop else len(piece)
            if is_stop:
                self.stopped.set()
                while not self.go_on.wait(0.1):
                    if self.held.is_set():
                        raise _HangUp
                if self.hangs_up:
                    raise _HangUp
                with self._counting:
                    self.sent += len(piece)
            send(piece)

    def close(self) -> None:
        self.held.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hang(self, start: bytes = b"") -> Answer:
        """Send `start` and then nothing, until the server closes."""

        def answer(send: Send) -> None:
            send(start)
            self.held.wait()
            raise _HangUp

        return answer

    def endless(self, start: bytes, piece: bytes) -> Answer:
        """Send `piece` for ever."""

        def answer(send: Send) -> None:
            send(start)
            while not self.held.is_set():
                send(piece)
            raise _HangUp

        return answer


class _HangUp(Exception):  # noqa: N818 - not an error, the end of an answer
    pass


def _bytes(content: bytes) -> Answer:
    def answer(send: Send) -> None:
        send(content)

    return answer


def hang_up(start: bytes = b"") -> Answer:
    """Send `start` and break the connection."""

    def answer(send: Send) -> None:
        send(start)
        raise _HangUp

    return answer


def reply(body: bytes = b"", *, code: int = 200, length: int | None = None, **headers: str) -> bytes:
    """A whole answer. `length` overrides Content-Length; -1 leaves it out (the body then ends with the connection)."""
    lines = [f"HTTP/1.1 {code} Words"]
    if length != -1:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer without a file."""
    return _bytes(reply(body, code=code, **headers))


@contextlib.contextmanager
def serving(**options: Any) -> Iterator[FaultServer]:
    """A server for the time of a test."""
    server = FaultServer(**options)
    try:
        yield server
    finally:
        server.close()
