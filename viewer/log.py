"""The log: JSON lines, rotating, readable by its owner alone, and without anything secret in it."""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import platformdirs

FILES, FILE_BYTES = 3, 2 << 20
TEXT_KEPT = 20_000  # characters of one message or traceback

# Names whose values are secrets, in query strings, in JSON and in the text of libraries (reliability.md §9).
_SECRET_NAMES = (
    r"X-Amz-[A-Za-z-]+|X-Goog-[A-Za-z-]+|X-Ms-[A-Za-z-]+|Signature|AWSAccessKeyId|GoogleAccessId|Key-Pair-Id|Policy"
    r"|sig|se|sp|sv|sr|st|spr|skoid|sktid|skt|ske|sks|skv|token|access_token|refresh_token|id_token"
    r"|security_token|api[_-]?key|client_secret|secret|passw(?:or)?d|pwd"
)
_URL = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)(?P<user>[^\s/?#\"'<>@]*@)?(?P<rest>[^\s\"'<>]*)", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?<![A-Za-z0-9_-])(?P<name>{_SECRET_NAMES})(?P<sign>=|%3D|\\?[\"']\s*[:=]\s*\\?[\"']|\s*:\s+)"
    r"(?P<value>[^\s&\"'<>,;)}\]]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(?P<name>\b(?:Proxy-)?Authorization|\b(?:Set-)?Cookie|\bapi-?key)(?P<sign>[\"']?\s*[:=,]\s*(?:b?[\"'])?)"
    r"(?P<value>[^\r\n]+)",
    re.IGNORECASE,
)
_ELEMENT = re.compile(
    r"<(?P<name>SignatureProvided|StringToSign(?:Bytes)?|CanonicalRequest(?:Bytes)?|AWSAccessKeyId|Token(?:-0)?)>"
    r".*?(?:</(?P=name)>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
CUT = "…"


def redact(text: str) -> str:
    """`text` without what could be a secret: queries, fragments and users of URLs, signatures, tokens, cookies."""
    text = _ELEMENT.sub(lambda m: f"<{m['name']}>{CUT}</{m['name']}>", text[:TEXT_KEPT])
    text = _URL.sub(_bare_url, text)
    text = _HEADER.sub(lambda m: f"{m['name']}{m['sign']}{CUT}", text)
    return _NAMED.sub(lambda m: f"{m['name']}{m['sign']}{CUT}", text)


def _bare_url(match: re.Match[str]) -> str:
    rest = re.split(r"[?#]|%3F|%23", match["rest"], maxsplit=1, flags=re.IGNORECASE)
    return match["scheme"] + rest[0] + (CUT if len(rest) > 1 else "")


class LineFormatter(logging.Formatter):
    """One JSON object a line. The message and the text of the exception are redacted here, last of all."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        try:
            message = record.getMessage()
        except Exception as error:  # a wrong format string must not cost the line
            message = f"{record.msg} ({type(error).__name__} in its arguments)"
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "thread": record.threadName,
            "message": redact(message),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = redact(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redact(record.stack_info)
        return json.dumps(line, ensure_ascii=True)


class PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner can read."""

    def _open(self) -> Any:
        def opener(name: str, flags: int) -> int:
            return os.open(name, flags, 0o600)

        return open(self.baseFilename, self.mode, encoding="utf-8", opener=opener)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A full disk must neither stop the program nor print what was to be logged."""


def default_folder() -> Path:
    """The platform's folder for logs."""
    return platformdirs.user_log_path("ango-viewer", appauthor=False)


def setup(folder: Path | None = None, *, level: int = logging.INFO) -> Path | None:
    """Start logging into `folder`. Returns the log's path, or None where none can be written.

    A second call replaces the first. Core dumps are switched off here too: they would hold all secrets.
    """
    folder = folder or default_folder()
    root = logging.getLogger()
    shutdown()
    root.setLevel(level)
    quiet_libraries()
    _no_core_dumps()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = PrivateFile(folder / "ango-viewer.log", maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8")
    except OSError:
        return None  # a read-only home: the program works without a log
    handler.setFormatter(LineFormatter())
    root.addHandler(handler)
    return Path(handler.baseFilename)


def shutdown() -> None:
    """Stop logging and close the file."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, PrivateFile)]:
        root.removeHandler(handler)
        handler.close()


def quiet_libraries() -> None:
    """Keep libraries from logging what they fetch: httpx logs the whole URL, with its signature, at INFO."""
    for name in ("httpx", "httpcore", "hpack", "PIL", "pydicom", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _no_core_dumps() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
