"""One pass over an export: every asset's row, with what is damaged told and passed over.

Strict first. Only when a piece is not whole JSON the repair road is taken: join it with the next pieces when it
is cut short, cut it where its value ends when more follows, mend its text, look for the next asset inside of it;
what is left is a `Problem`, and the next piece goes on. Damage costs the damaged asset alone.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from pathlib import Path

from viewer import limits
from viewer.errors import Problem
from viewer.export.heads import AssetHead, read_head
from viewer.export.mend import BROKEN, mended
from viewer.export.pieces import Piece, broken_piece, read_piece
from viewer.export.rings import shortened
from viewer.export.rowing import Shape, generation_of, row_of
from viewer.export.rows import Row, Summary
from viewer.export.sniff import FIRST_KEY, Form, sniff
from viewer.export.split import BETWEEN, SPACE, Cut, Cutter, Elements, Lines
from viewer.export.streams import JsonStream, open_stream
from viewer.export.window import Window

OnRows = Callable[[list[Row]], None]
OnProblems = Callable[[list[Problem]], None]

JOINED = (1, 1, 2, 4, 8, 16, 32)
"""How many pieces more are joined each time, so that an asset like a list of assets costs twice its size."""
JOINED_BYTES = 64 * limits.MB
TRIES = 16
PROBE = 32 * limits.MB
MENDED_AT_MOST = 64 * limits.MB
_MEMBER = re.compile(rb'"[^"\\\x00-\x1f]{1,64}"\s*:')


def build(
    path: Path,
    *,
    on_rows: OnRows,
    on_problems: OnProblems,
    cancelled: Callable[[], bool] = lambda: False,
) -> Summary:
    """Read the export at `path` once from beginning to end.

    `on_rows` and `on_problems` get each row and problem as soon as it is known, in order, rows without gaps in
    their `index`. Raises ExportError (no export, or a ZIP that is refused) and OSError; what was told until
    then stays valid. The collector is off meanwhile: everything made here is free of cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        form = sniff(path)
        stream = open_stream(path, form.packing)
        try:
            return _Pass(path, form, Window(stream), stream, on_rows, on_problems, cancelled).run()
        finally:
            stream.close()
    finally:
        if was_on:
            gc.enable()


class _Pass:
    """The state of one pass."""

    def __init__(
        self,
        path: Path,
        form: Form,
        window: Window,
        stream: JsonStream,
        on_rows: OnRows,
        on_problems: OnProblems,
        cancelled: Callable[[], bool],
    ) -> None:
        self._file = path.name
        self._form = form
        self._window = window
        self._stream = stream
        self._on_rows = on_rows
        self._on_problems = on_problems
        self._cancelled = cancelled
        self._rows = 0
        self._problems = 0
        self._shapes: set[Shape] = set()
        self._cutter: Cutter = (
            Lines(window) if form.lines else Elements(window, first_keys=form.first_keys, commas=form.commas)
        )

    # ---- the strict road ------------------------------------------------------------------------------

    def run(self) -> Summary:
        """From the first asset to the last."""
        window = self._window
        while window.high < self._form.start and window.more():
            pass
        start = self._form.start
        window.release(start)
        cancelled = False
        while True:
            if self._cancelled():
                cancelled = True
                break
            start = self._skip(start)
            if start >= window.high and window.at_end:
                break
            window.release(start)
            start = self._one(start)
        if self._stream.damage is not None:
            self._problem(self._stream.damage, "the assets before the damage are listed", window.high)
        elif not cancelled and self._form.bracket and not self._closed:
            self._problem("the list of assets is not closed", "the file may be cut; what is there is listed", start)
        several_objects = self._form.layout == "object" and self._rows > 1
        return Summary(
            rows=self._rows,
            problems=self._problems,
            bytes=window.high,
            layout="ndjson" if several_objects else self._form.layout,
            generation=generation_of(self._shapes),
            cancelled=cancelled,
        )

    _closed = False

    def _skip(self, start: int) -> int:
        """To the next byte that is neither white space nor what stands between assets."""
        window = self._window
        skipped = SPACE if self._form.lines else BETWEEN
        while True:
            at = window.skip(start, skipped)
            self._closed = self._closed or b"]" in bytes(window.view(start, at))
            if at < window.high or not window.more():
                return at
            start = at
            window.release(at)

    def _one(self, start: int) -> int:
        """Read the asset at `start`; returns where to go on."""
        window = self._window
        most = PROBE
        while True:
            cut = self._cutter.after(start, start, most)
            if cut is not None:
                break
            if window.high - start > limits.ASSET_JSON_BYTES:
                return self._give_up(start)
            # No cut so far: a large asset, or the next ones begin with another key than those before
            read = self._read(start, window.high)
            if read.trailing > 0:
                cut = Cut(start + read.trailing, start + read.trailing)
                self._learn(start + read.trailing)
                break
            most *= 2
        end = self._trim(start, cut)
        if end <= start or self._take_shortened(start, end):
            return cut.next
        read = self._read(start, end)
        if read.head is not None:
            self._take(read.head, start, end)
            return cut.next
        return self._repair(start, Cut(end, cut.next), read)

    def _trim(self, start: int, cut: Cut) -> int:
        """The end of the piece without what closes the file."""
        window = self._window
        if self._form.lines or cut.end < window.high or not window.at_end:
            return cut.end
        end = window.skip_back(cut.end - 1, SPACE) + 1
        if end - 1 > start and window.byte(end - 1) == 0x5D:
            closed = window.skip_back(end - 2, BETWEEN) + 1
            if closed > start and window.byte(closed - 1) == 0x7D:
                self._closed = True
                return closed
        return end

    def _read(self, start: int, end: int) -> Piece:
        return read_piece(self._window.view(start, end))

    def _take(self, head: AssetHead, start: int, end: int) -> None:
        try:
            row, shape = row_of(head, self._window.view(start, end), index=self._rows, start=start, end=end)
        except BROKEN as error:
            # its head is sound, but what had to be looked at closely is not
            read = broken_piece(error)
            if not self._take_mended(start, end, read):
                self._lost(start, end, read.why, counted=True)
            return
        self._add(row, shape)

    def _take_shortened(self, start: int, end: int) -> bool:
        """Take an asset with long rings. False when it has none, or must be read as it is: what is wrong, and where."""
        if (raw := shortened(self._window, start, end)) is None:
            return False
        try:
            row, shape = row_of(read_head(raw), raw, index=self._rows, start=start, end=end)
        except BROKEN:
            return False
        self._add(row, shape)
        return True

    def _add(self, row: Row, shape: Shape) -> None:
        self._shapes.add(shape)
        self._rows += 1
        self._on_rows([row])

    # ---- the repair road ------------------------------------------------------------------------------

    def _repair(self, start: int, cut: Cut, read: Piece) -> int:
        """The piece ``[start, cut.end)`` is not one whole asset. Returns where to go on."""
        if read.truncated:
            joined = self._join(start, cut)
            if joined is not None:
                return joined
        if read.trailing > 0:
            end = start + read.trailing
            inner = self._read(start, self._window.skip_back(end - 1, SPACE) + 1)
            if inner.head is not None:
                self._take(inner.head, start, end)
                self._learn(end)
                return self._rest(end, cut)
            if inner.is_json:
                self._lost(start, end, inner.why, counted=True)
                return self._rest(end, cut)
        if read.is_json:
            self._lost(start, cut.end, read.why, counted=True)
            return cut.next
        if self._take_mended(start, cut.end, read):
            return cut.next
        inside = self._asset_inside(start + 1, cut.end)
        if inside is not None:
            self._lost(start, inside, read.why, at=read.at)
            return inside
        self._lost(start, cut.end, self._why_cut(cut) if read.truncated else read.why, at=read.at)
        return cut.next

    def _why_cut(self, cut: Cut) -> str:
        if self._window.at_end and cut.next >= self._window.high:
            return "the file ends inside of it"
        return "it ends too early"

    def _join(self, start: int, cut: Cut) -> int | None:
        """A cut in the wrong place (nested objects like assets, line breaks in text): join pieces."""
        window = self._window
        for more in JOINED:
            end = -1
            for _ in range(more):
                if (cut.next >= window.high and window.at_end) or cut.next - start > JOINED_BYTES:
                    break
                if self._form.lines and self._starts_object(cut.next):
                    break
                further = self._cutter.after(start, cut.next + 1, limits.ASSET_JSON_BYTES)
                if further is None:
                    return None
                end = self._trim(start, further)
                cut = Cut(end, further.next)
            if end < 0:
                return None
            read = self._read(start, end)
            if read.head is not None:
                self._take(read.head, start, end)
                return cut.next
            if read.trailing > 0 and self._read(start, start + read.trailing).head is not None:
                return self._repair(start, cut, read)
            # a raw line break inside of text: the mended piece is whole
            broken = read._replace(why="a line break stands inside of text")
            if self._form.lines and not read.truncated and self._take_mended(start, end, broken):
                return cut.next
            if not read.truncated and not self._form.lines:
                return None
        return None

    def _starts_object(self, at: int) -> bool:
        window = self._window
        at = window.skip(at, SPACE)
        while at >= window.high and window.more():
            at = window.skip(at, SPACE)
        return at < window.high and window.byte(at) == 0x7B

    def _rest(self, at: int, cut: Cut) -> int:
        """What follows a whole asset within its piece."""
        window = self._window
        skipped = at
        while skipped < cut.end and window.byte(skipped) in BETWEEN:
            skipped += 1
        self._closed = self._closed or b"]" in bytes(window.view(at, skipped))
        if skipped >= cut.end:
            return cut.next
        if window.byte(skipped) == 0x7B or self._read(skipped, cut.end).is_json:
            return skipped
        inside = self._asset_inside(skipped, cut.end)
        self._lost(skipped, cut.end if inside is None else inside, "this is not JSON")
        return cut.next if inside is None else inside

    def _take_mended(self, start: int, end: int, read: Piece) -> bool:
        """Take the asset after the second chance for its text. False when it is broken beyond that."""
        if read.is_json or end - start > MENDED_AT_MOST or self._window.byte(start) != 0x7B:
            return False
        raw = bytes(self._window.view(start, end))
        if read.truncated and b"\\u" not in raw:
            # (half an emoji near the end is also called truncated)
            return False
        try:
            raw = mended(raw)
            row, shape = row_of(read_head(raw), raw, index=self._rows, start=start, end=end, problems=1)
        except BROKEN:
            return False
        self._problem(
            f"its text is damaged: {read.why}",
            "the text was repaired",
            start + max(read.at, 0),
            index=self._rows,
            external_id=row.external_id,
            warning=True,
        )
        self._add(row, shape)
        return True

    def _asset_inside(self, start: int, end: int) -> int | None:
        """Where a whole asset begins inside of a damaged piece, if one does."""
        window = self._window
        for key in self._form.first_keys:
            at = window.find(key, start)
            tries = 0
            while 0 <= at < end and tries < TRIES:
                brace = window.skip_back(at - 1, SPACE)
                if brace >= start and window.byte(brace) == 0x7B:
                    before = window.skip_back(brace - 1, SPACE)
                    # after a colon or at the head of a list it is somebody's member
                    if before < start or window.byte(before) not in b":[":
                        tries += 1
                        read = self._read(brace, end)
                        if read.head is not None or read.trailing > 0:
                            return brace
                at = window.find(key, at + 1)
        return None

    def _learn(self, at: int) -> None:
        """The next asset begins with a key of its own: look for it from now on."""
        window = self._window
        at = window.skip(at, BETWEEN)
        match = FIRST_KEY.match(bytes(window.view(at, min(at + 200, window.high))))
        if match:
            self._cutter.learn(match[1])

    def _give_up(self, start: int) -> int:
        """An asset larger than any may be: pass over it without keeping it."""
        window = self._window
        at = start
        while True:
            window.release(max(start + 1, window.high - 4096))
            at = window.low
            cut = self._cutter.after(at, at, PROBE)
            if cut is not None:
                break
        megabytes = limits.ASSET_JSON_BYTES // limits.MB
        self._lost(start, cut.end, f"it is larger than {megabytes} MB", counted=True)
        return cut.next

    def _lost(self, start: int, end: int, why: str, *, at: int = -1, counted: bool | None = None) -> None:
        """Tell of bytes that cannot be read. If they look like an asset, it keeps its index."""
        window = self._window
        if counted is None:
            view = window.view(start, min(end, start + 65_536))
            counted = bytes(view[:1]) in b'{"[0123456789-tfn' or _MEMBER.search(view) is not None
        if not counted:
            self._problem("what stands here between the assets is not JSON", "it was passed over", start)
            return
        index = self._rows
        self._rows += 1
        offset = start + max(at, 0)
        self._problem(f"the asset cannot be read: {why}", "it is listed by its number only", offset, index=index)
        self._on_rows([Row(index=index, start=start, end=end, problems=1, readable=False)])

    def _problem(
        self,
        what: str,
        instead: str,
        offset: int,
        *,
        index: int | None = None,
        external_id: str | None = None,
        warning: bool = False,
    ) -> None:
        self._problems += 1
        if self._problems > limits.PROBLEMS_KEPT:
            return
        problem = Problem(
            severity="warning" if warning else "error",
            what=what,
            instead=instead,
            file=self._file,
            asset_index=index,
            external_id=external_id,
            offset=offset,
        )
        self._on_problems([problem])
