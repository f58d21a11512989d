"""Several files as one document, and a file inside a file: inside the worker, still plain decoders."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, Protocol, TypeAlias

from numpy.typing import NDArray

from viewer.decoders.base import (
    Cancelled,
    Document,
    Hints,
    PageInfo,
    Raster,
    Region,
    View,
    VoiWindow,
    check_page,
)

Opener: TypeAlias = Callable[[BinaryIO, Hints], Document]
OPEN_PARTS = 12
"""Parts kept open: neighbours and a way back, and few enough for their memory and descriptors."""
DEPTH = 2
"""A DICOM file may hold a PDF; nothing may hold more."""


class PartMissing(Exception):  # noqa: N818, the file is missing, not wrong
    """The window could not bring the n-th file; it knows why."""


def open_part(
    opener: Opener, source: BinaryIO, hints: Hints, *, told: Callable[[str], None], depth: int = DEPTH
) -> Document:
    """Open one file, or the PDF or video inside a DICOM file. Tells what it seems to be first.

    Raises DecodeError; `source` is closed then, and else with the document.
    """
    try:
        kind = sniff(source, hints.name)
        if kind:
            told(kind)
        document = opener(source, hints)
    except BaseException:
        source.close()
        raise
    outer = _Owner(document, source)
    if depth <= 1 or "embedded" not in document.facts:
        return outer
    from viewer.decoders.dicom import inner_file

    inner = inner_file(document)
    if inner is None:
        return outer
    try:  # the inner file reads from the outer one, which stays open with it
        found = open_part(opener, inner, replace(hints, name=""), told=told, depth=depth - 1)
    except BaseException:
        outer.close()
        raise
    facts = {**found.facts, "envelope": "dicom"}
    return _Owner(found, outer, facts)


def sniff(source: BinaryIO, name: str) -> str:
    """The KEY of the decoder that takes this file; "" when none does."""
    from viewer import decoders

    source.seek(0)
    head = source.read(4096)
    source.seek(0)
    for known in ("", name):
        for decoder in decoders.DECODERS:
            if decoder.accepts(head, known):
                return str(decoder.KEY)
    return ""


class _Closable(Protocol):
    def close(self) -> None: ...


class _Owner:
    """A document that closes its file, too."""

    def __init__(self, document: Document, source: _Closable, facts: Mapping[str, Any] | None = None) -> None:
        self._document = document
        self._source = source
        self.kind = document.kind
        self.page_count = document.page_count
        self.facts: Mapping[str, Any] = document.facts if facts is None else facts
        self.info = document.info
        self.render = document.render
        self.samples = document.samples
        self.windows = document.windows

    def __getattr__(self, name: str) -> Any:
        # What only some documents can (`prefetch`).
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._document, name)

    def close(self) -> None:
        """Close document and file."""
        with contextlib.suppress(Exception):
            self._document.close()
        with contextlib.suppress(Exception):
            self._source.close()


class DatasetDocument:
    """The files of a `dataset` as one document: page k is the first page of the k-th file.

    Files are asked for when a page of theirs is wanted; what is wrong with one stays with its page.
    """

    kind = "dataset"

    def __init__(
        self,
        opener: Opener,
        names: tuple[str, ...],
        hints: Hints,
        *,
        need: Callable[[int, int], BinaryIO],
        told: Callable[[str], None],
    ) -> None:
        self._opener = opener
        self._names = names
        self._hints = hints
        self._need = need
        self._told = told
        self._open: OrderedDict[int, Document] = OrderedDict()
        self.page_count = len(names)
        self.facts: Mapping[str, Any] = {"parts": len(names)}
        self.request = 0
        """The number of the request that is being answered, for `need`."""

    def _part(self, page: int) -> Document:
        check_page(page, self.page_count)
        document = self._open.get(page)
        if document is None:
            while len(self._open) >= OPEN_PARTS:
                self._open.popitem(last=False)[1].close()
            source = self._need(self.request, page)
            hints = replace(self._hints, name=self._names[page])
            document = self._open[page] = open_part(self._opener, source, hints, told=self._told)
        self._open.move_to_end(page)
        return document

    def info(self, page: int) -> PageInfo:
        """Geometry of the first page of a file, with what kind of file it is among its facts."""
        part = self._part(page)
        info = part.info(0)
        flags = (*info.flags, "first-of-several") if part.page_count > 1 else info.flags
        facts = {**info.facts, "document_kind": part.kind, "part_pages": part.page_count}
        return replace(info, flags=flags, facts=facts)

    def render(self, page: int, region: Region | None, scale: float, *, view: View, cancelled: Cancelled) -> Raster:
        """Pixels of the first page of a file."""
        return self._part(page).render(0, region, scale, view=view, cancelled=cancelled)

    def samples(self, page: int) -> NDArray[Any] | None:
        """Stored values of the first page of a file."""
        return self._part(page).samples(0)

    def windows(self, page: int) -> tuple[VoiWindow, ...]:
        """VOI windows of the first page of a file."""
        return self._part(page).windows(0)

    def close(self) -> None:
        """Close every file."""
        while self._open:
            with contextlib.suppress(Exception):
                self._open.popitem()[1].close()
