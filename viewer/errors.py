"""What can go wrong, in the user's words: ``str(error)`` is the sentence that people read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

Severity = Literal["error", "warning"]

DecodeCode = Literal["Unsupported", "Corrupt", "Encrypted", "TooLarge", "OutOfMemory", "Internal"]
"""Why a decoder gave up; the same words travel in the workers' FAIL message."""

DECODE_CODES: tuple[str, ...] = get_args(DecodeCode)


class ViewerError(Exception):
    """Base of all errors that a user may read. ``str()`` says what failed, why, and what to do."""


class ExportError(ViewerError):
    """The export cannot be opened at all. A damaged part of one is a `Problem` instead."""


class FetchError(ViewerError):
    """A file could not be brought here. `code` is for the places that offer a way out of it.

    Codes: ``expired``, ``refused``, ``gone``, ``offline``, ``timeout``, ``policy``, ``not-found``,
    ``too-large``, ``server``, ``cancelled``, ``disk``, ``no-address``, ``private-host``,
    ``changed`` (while it was read); of Ango Hub also ``key`` (not accepted) and ``blocked`` (by where one is).
    """

    def __init__(
        self,
        text: str,
        *,
        code: str = "server",
        ends: datetime | None = None,
        answer: str = "",
        host: str = "",
        address: str = "",
    ) -> None:
        """`ends`: when a link ended; `answer`: what the server said, for those who know such words; `host` and
        `address` of ``private-host``: the name that would have to be allowed, and what it resolved to.
        """
        super().__init__(text)
        self.code, self.ends, self.answer = code, ends, answer
        self.host, self.address = host, address

    def with_more(self, text: str) -> FetchError:
        """The same with `text` after the sentence."""
        return FetchError(
            f"{self}{text}", code=self.code, ends=self.ends, answer=self.answer, host=self.host, address=self.address
        )


class DecodeError(ViewerError):
    """These bytes cannot be shown. `code` is one of `DECODE_CODES`."""

    def __init__(self, text: str, *, code: DecodeCode = "Corrupt") -> None:
        super().__init__(text)
        self.code: DecodeCode = code


class WorkerError(DecodeError):
    """The process that decoded this page died or hung; the next request starts a new one."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="Internal")


class Problem(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing in an export that could not be shown (error) or had to be repaired or guessed (warning).

    `what` says what is wrong and `instead` what the program did about it; `path` is a JSON path inside the
    asset (``$.task.tools[3].polygon``), `offset` a byte offset in the export file.
    """

    severity: Severity
    what: str
    instead: str = ""
    file: str | None = None
    asset_index: int | None = None
    external_id: str | None = None
    offset: int | None = None
    path: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields in the order of the ``info --json`` interface."""
        return {
            "severity": self.severity,
            "file": self.file,
            "asset_index": self.asset_index,
            "external_id": self.external_id,
            "offset": self.offset,
            "path": self.path,
            "what": self.what,
            "instead": self.instead,
        }

    def line(self) -> str:
        """Severity, asset index, external id, path or offset, what, instead, separated by tabs."""
        place = self.path if self.path is not None else ("" if self.offset is None else f"byte {self.offset}")
        index = "" if self.asset_index is None else str(self.asset_index)
        parts = (self.severity, index, self.external_id or "", place, self.what, self.instead)
        return "\t".join(one_line(part) for part in parts)


def one_line(text: str) -> str:
    """Text from an export without the characters that break lines, columns or terminals."""
    return "".join(c if c.isprintable() else " " for c in text)
