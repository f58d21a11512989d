"""The worker process: one document at a time, requests in, pixels and answers out."""

from __future__ import annotations

import contextlib
import gc
import importlib
import mmap
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any, BinaryIO, TypeAlias, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from viewer import limits
from viewer.decoders.base import Document, Hints, PageInfo, Region
from viewer.errors import DecodeError
from viewer.workers import launch, protocol
from viewer.workers.holed import HoledFile
from viewer.workers.office import reader
from viewer.workers.parts import DatasetDocument, PartMissing, open_part
from viewer.workers.ring import attach_segment

Opener: TypeAlias = Callable[[BinaryIO, Hints], Document]

NOTES_PER_SECOND = 20
PREFETCH_S = 1.0  # well below the limit of one request


def main(connection: Connection, orders: launch.Orders) -> None:
    """Run until the window hangs up. The target of the spawned process."""
    launch.bind_to_parent(orders.parent)
    launch.bind_memory(orders.memory)
    launch.keep_freed_memory()
    Child(connection, orders).run()
    os._exit(0)  # no library's exit handlers: whatever they would tidy goes with the process


class Child:
    """The main thread decodes; one thread reads what the window says, one forwards what libraries print."""

    def __init__(self, connection: Connection, orders: launch.Orders) -> None:
        self._connection = connection
        self._orders = orders
        self._jobs: queue.SimpleQueue[tuple[protocol.ToWorker, int]] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[tuple[protocol.Part | protocol.Slot | protocol.Blocks, int]]
        self._replies = queue.SimpleQueue()
        self._req = 0
        self._cancelled = 0  # requests are numbered in the order of sending, one at a time
        self._sending = threading.Lock()
        self._document: Document | None = None
        self._slots: dict[int, mmap.mmap] = {}
        self._opener: Opener | None = None

    def run(self) -> None:
        """Make ready and answer until the window hangs up."""
        self._forward_prints()
        for name in self._orders.warm:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        isolation = launch.restrict()
        threading.Thread(target=self._read, name="window", daemon=True).start()
        self._say(protocol.Ready(isolation))
        while True:
            message, descriptor = self._jobs.get()
            if isinstance(message, protocol.Ping):
                self._say(protocol.Pong(message.number))
            elif isinstance(message, protocol.Close):
                self._close()
                self._say(protocol.Closed(message.doc))
            else:
                self._do(message, descriptor)

    # ---- talking -------------------------------------------------------------------------------------------

    def _say(self, message: protocol.FromWorker) -> None:
        raw = protocol.encode(message)
        with self._sending:
            try:
                self._connection.send_bytes(raw)
            except OSError:  # the window is gone
                os._exit(0)

    def _read(self) -> None:
        """Sort what the window says; end with it."""
        try:
            while True:
                message = protocol.to_worker(self._connection.recv_bytes(1 << 24))
                descriptor = -1
                if (
                    (isinstance(message, protocol.Open) and len(message.names) == 1)
                    or (isinstance(message, protocol.Part) and message.ok)
                    or (isinstance(message, protocol.Slot) and message.size and not message.name)
                ):
                    descriptor = launch.receive_descriptor(self._connection)
                if isinstance(message, protocol.Cancel):
                    self._cancelled = max(self._cancelled, message.req)
                elif isinstance(message, protocol.Part | protocol.Slot | protocol.Blocks):
                    self._replies.put((message, descriptor))
                else:
                    self._jobs.put((message, descriptor))
        except (EOFError, OSError):
            os._exit(0)

    def _forward_prints(self) -> None:
        """What C libraries print goes to the window's log, a little of it; nothing reaches the terminal."""
        reading, writing = os.pipe()
        for descriptor in (1, 2):
            os.dup2(writing, descriptor)
        os.close(writing)
        threading.Thread(target=self._forward, args=(reading,), name="prints", daemon=True).start()

    def _forward(self, reading: int) -> None:
        second, count = 0, 0
        with open(reading, "rb", buffering=0) as pipe:
            while chunk := pipe.read(limits.NOTE_BYTES // 4):  # at most 4 bytes per character when re-encoded
                now = int(time.monotonic())
                count = count + 1 if now == second else 1
                second = now
                if count <= NOTES_PER_SECOND:
                    self._say(protocol.Note(chunk.decode("utf-8", "replace")))

    # ---- doing ---------------------------------------------------------------------------------------------

    def _do(self, message: protocol.ToWorker, descriptor: int) -> None:
        """Answer one request; whatever happens in a library becomes a Fail."""
        self._req = req = getattr(message, "req", 0)
        try:
            self._say(self._answer(message, descriptor))
        except PartMissing:
            self._say(protocol.Fail(req, "Part", ""))
        except DecodeError as error:
            self._say(protocol.Fail(req, error.code, str(error)[: limits.FAIL_TEXT]))
        except MemoryError:
            gc.collect()
            self._say(protocol.Fail(req, "OutOfMemory", self._out_of_memory()))
        except Exception as error:
            sys.stderr.write(traceback.format_exc()[-limits.NOTE_BYTES :])
            sys.stderr.flush()
            text = f"The {self._word()} failed in a way that it does not explain ({type(error).__name__})."
            self._say(protocol.Fail(req, "Internal", text[: limits.FAIL_TEXT]))

    def _answer(self, message: protocol.ToWorker, descriptor: int) -> protocol.FromWorker:
        if isinstance(message, protocol.Open):
            return self._open(message, descriptor)
        document = self._document
        if document is None:
            raise DecodeError("The file is not open.", code="Internal")
        if isinstance(message, protocol.Render):
            return self._render(document, message)
        if isinstance(message, protocol.Samples):
            return self._samples(document, message)
        if isinstance(message, protocol.Ask):
            self._begin(document, message.req)
            if message.what == "info":
                return protocol.InfoIs(message.req, plain_info(document.info(message.page)))
            return protocol.WindowsAre(message.req, tuple(document.windows(message.page)))
        if isinstance(message, protocol.Prefetch):
            self._begin(document, message.req)
            return protocol.Finished(message.req, self._prefetch(document, message))
        raise DecodeError("Nobody knows this request.", code="Internal")

    def _open(self, message: protocol.Open, descriptor: int) -> protocol.Opened:
        self._close()
        if self._opener is None:
            module, _, name = self._orders.opener.partition(":")
            self._opener = getattr(importlib.import_module(module), name)
        assert self._opener is not None
        if len(message.names) == 1:
            source: BinaryIO = os.fdopen(descriptor, "rb", buffering=0 if message.length else -1)
            if message.length:
                source = cast(BinaryIO, HoledFile(source, message.length, self._want))
            document = open_part(self._opener, source, message.hints, told=self._sniffed)
        else:
            document = DatasetDocument(self._opener, message.names, message.hints, need=self._need, told=self._sniffed)
        self._document = document
        facts = plain_facts(document.facts)
        return protocol.Opened(message.req, document.kind, int(document.page_count), facts)

    def _close(self) -> None:
        document, self._document = self._document, None
        self._slots.clear()
        if document is not None:
            with contextlib.suppress(Exception):
                document.close()
            del document
            launch.give_back_memory()

    def _begin(self, document: Document, req: int) -> None:
        if isinstance(document, DatasetDocument):
            document.request = req

    def _render(self, document: Document, message: protocol.Render) -> protocol.Done:
        began = time.perf_counter()
        self._begin(document, message.req)
        cancelled = self._is_cancelled(message.req)
        raster = document.render(message.page, message.region, message.scale, view=message.view, cancelled=cancelled)
        info = plain_info(document.info(message.page))
        height, width = raster.pixels.shape[:2]
        channels = protocol.CHANNELS[raster.format]
        x0, y0, x1, y1 = raster.region
        if raster.pixels.dtype != np.uint8 or raster.pixels.size != height * width * channels:
            raise DecodeError("The decoder gave pixels of another shape than it says.", code="Internal")
        slot = self._place(message.req, message.slot, raster.pixels)
        return protocol.Done(
            message.req,
            slot,
            width,
            height,
            width * channels,
            raster.format,
            (float(x0), float(y0), float(x1), float(y1)),
            tuple(str(flag)[:64] for flag in raster.flags[:32]),
            info,
            (time.perf_counter() - began) * 1e3,
        )

    def _prefetch(self, document: Document, message: protocol.Prefetch) -> bool:
        """Let a decoder that can work ahead do so for a while; True when it would go on."""
        prefetch = getattr(document, "prefetch", None)
        cancelled = self._is_cancelled(message.req)
        until = time.monotonic() + PREFETCH_S
        while prefetch is not None and not cancelled():
            if not prefetch(message.page, message.direction, cancelled):
                return False
            if time.monotonic() >= until:
                return True
        return False

    def _samples(self, document: Document, message: protocol.Samples) -> protocol.Values:
        self._begin(document, message.req)
        values = document.samples(message.page)
        if values is None:
            return protocol.Values(message.req, -1, "|u1", 0, 0, 1)
        values = crop(values, document.info(message.page).size, message.region)
        values = values.astype(values.dtype.newbyteorder("<"), copy=False)
        if values.dtype == np.bool_:
            values = values.view(np.uint8)
        elif values.dtype.str not in protocol.SAMPLE_TYPES:
            values = values.astype("<f8" if values.dtype.kind == "f" or values.dtype.itemsize > 4 else "<f4")
        if values.size == 0:
            return protocol.Values(message.req, -1, "|u1", 0, 0, 1)
        slot = self._place(message.req, message.slot, values)
        channels = values.shape[2] if values.ndim == 3 else 1
        kind: Any = values.dtype.str
        return protocol.Values(message.req, slot, kind, values.shape[0], values.shape[1], channels)

    def _place(self, req: int, slot: int, values: NDArray[Any]) -> int:
        """Put an array at the start of a slot that has room for it; returns the slot."""
        if values.nbytes > protocol.SLOT_BYTES:
            megabytes = values.nbytes >> 20
            raise DecodeError(f"This picture needs {megabytes} MB at once, more than is allowed.", code="TooLarge")
        memory = self._slots.get(slot)
        if memory is None or len(memory) < values.nbytes:
            self._say(protocol.Room(req, values.nbytes))
            reply, descriptor = self._replies.get()
            assert isinstance(reply, protocol.Slot)
            if not reply.size:
                raise DecodeError("There is no memory left for this picture.", code="OutOfMemory")
            slot = reply.slot
            self._slots[slot] = memory = attach_segment(descriptor, reply.size, reply.name)
        target = np.frombuffer(memory, dtype=values.dtype, count=values.size).reshape(values.shape)
        np.copyto(target, values)
        return slot

    def _need(self, req: int, part: int) -> BinaryIO:
        """Ask the window for the n-th file. Raises PartMissing when it cannot bring it."""
        self._say(protocol.Need(req, part))
        reply, descriptor = self._replies.get()
        assert isinstance(reply, protocol.Part)
        if not reply.ok:
            raise PartMissing(part)
        return os.fdopen(descriptor, "rb")

    def _want(self, offset: int, length: int) -> int:
        """Ask the window for bytes of a file with holes. Raises PartMissing when they do not come."""
        self._say(protocol.Want(self._req, 0, offset, length))
        reply, _ = self._replies.get()
        assert isinstance(reply, protocol.Blocks)
        if not reply.ok:
            raise PartMissing(0)
        return reply.end

    # ---- small things --------------------------------------------------------------------------------------

    def _is_cancelled(self, req: int) -> Callable[[], bool]:
        return lambda: self._cancelled >= req

    def _sniffed(self, kind: str) -> None:
        self._say(protocol.Sniffed(kind[:64]))

    def _word(self) -> str:
        return reader(self._document.kind if self._document is not None else "")

    def _out_of_memory(self) -> str:
        size = self._orders.memory / limits.GB
        limit = f" than the {size:.1f} GB that a reader may use" if size else ""
        return f"This needs more memory{limit}."


def crop(values: NDArray[Any], size: tuple[float, float], region: Region | None) -> NDArray[Any]:
    """The samples whose area touches `region` (page space, edges) of a page of `size`; contiguous."""
    if region is not None:
        rows, columns = values.shape[:2]
        sx, sy = columns / size[0], rows / size[1]
        x0, y0 = int(np.floor(region[0] * sx)), int(np.floor(region[1] * sy))
        x1, y1 = int(np.ceil(region[2] * sx)), int(np.ceil(region[3] * sy))
        values = values[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
    return np.ascontiguousarray(values)


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that fit into a message."""
    result: dict[str, Any] = protocol.plain(dict(facts))
    size = 0
    for key in list(result):
        size += len(msgspec.msgpack.encode(result[key])) + len(key) * 4
        if size > limits.MESSAGE_BYTES // 2:
            del result[key]
    return result


def plain_info(info: PageInfo) -> PageInfo:
    """The same with plain numbers, of a size that fits into a message."""
    return replace(
        info,
        size=(float(info.size[0]), float(info.size[1])),
        native=(int(info.native[0]), int(info.native[1])),
        orientation=int(info.orientation),
        frame=None if info.frame is None else int(info.frame),
        seconds=None if info.seconds is None else float(info.seconds),
        spacing_mm=None if info.spacing_mm is None else (float(info.spacing_mm[0]), float(info.spacing_mm[1])),
        flags=tuple(str(flag)[:64] for flag in info.flags[:32]),
        facts=plain_facts(info.facts),
    )
