"""How many labels a snapshot holds, by class and tool, without building them.

"A label is an entry with geometry; stop entries do not count": `viewer.model.counts_as_label`, for bytes.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct, field

from viewer.export.heads import NOTHING, Scalar, read_elements, read_members

TEXT_KEPT = 500
"""Characters of a title or id that the index keeps."""


class Author(Struct, gc=False):
    """Who made or changed an annotation."""

    created_by: Scalar = field(default=None, name="createdBy")
    updated_by: Scalar = field(default=None, name="updatedBy")


class EntryHead(Struct, gc=False):
    """One element of ``tools``. Every tool's key is a member here; which one is present names the tool."""

    schema_id: Scalar = field(default=None, name="schemaId")
    title: Scalar = None
    stopped: Scalar = field(default=None, name="interpolationStopped")
    metadata: Author | None = None
    bounding_box: Raw = field(default=NOTHING, name="bounding-box")
    polygon: Raw = NOTHING
    segmentation: Raw = NOTHING
    point: Raw = NOTHING
    polyline: Raw = NOTHING
    rotated_bounding_box: Raw = field(default=NOTHING, name="rotated-bounding-box")
    pdf: Raw = NOTHING
    ner: Raw = NOTHING
    spline: Raw = NOTHING
    circle: Raw = NOTHING
    ellipse: Raw = NOTHING
    medical_brush: Raw = field(default=NOTHING, name="medical-brush")
    angle: Raw = NOTHING
    message: Raw = NOTHING
    pct: Raw = NOTHING
    frames: Raw = NOTHING
    pages: Raw = NOTHING
    keyframes: Raw = NOTHING
    key_frames: Raw = field(default=NOTHING, name="keyFrames")
    annotations: Raw = NOTHING


_entries: msgspec.json.Decoder[list[EntryHead]] = msgspec.json.Decoder(list[EntryHead])
_entry: msgspec.json.Decoder[EntryHead] = msgspec.json.Decoder(EntryHead)
_frames: msgspec.json.Decoder[dict[str, EntryHead]] = msgspec.json.Decoder(dict[str, EntryHead])


class Counts(Struct, gc=False):
    """What one snapshot's ``tools`` hold."""

    total: int = 0
    by_class: dict[tuple[str, str, str], int] = {}
    """(schema id, title, tool) → labels."""
    authors: dict[str, None] = {}
    flattened: bool = False
    """Whether an entry held its frames inside (the current video form)."""

    def add(self, entry: EntryHead, tool: str) -> None:
        """Count one label."""
        key = (
            entry.schema_id if type(entry.schema_id) is str else text_of(entry.schema_id) or "",
            entry.title if type(entry.title) is str else text_of(entry.title) or "",
            tool,
        )
        self.total += 1
        self.by_class[key] = self.by_class.get(key, 0) + 1


def count_labels(tools: Raw, counts: Counts) -> None:
    """Add the labels of one ``tools`` or ``objects`` list to `counts`. What is no list holds none."""
    if tools is NOTHING:
        return
    try:
        entries = _entries.decode(tools)
    except (msgspec.DecodeError, UnicodeDecodeError):
        _count_one_by_one(read_elements(tools), counts)
        return
    by_class, authors = counts.by_class, counts.authors
    total = 0
    odd: list[int] = []
    for i, entry in enumerate(entries):
        if entry.bounding_box is not NOTHING:
            tool = "bounding-box"
        elif entry.polygon is not NOTHING:
            tool = "polygon"
        elif entry.segmentation is not NOTHING:
            tool = "segmentation"
        elif entry.point is not NOTHING:
            tool = "point"
        else:
            found = _tool_of(entry)
            if found is None:
                odd.append(i)
                continue
            tool = found
        if entry.stopped is not None and is_stop(entry.stopped):
            continue
        schema_id, title = entry.schema_id, entry.title
        if type(schema_id) is not str:
            schema_id = text_of(schema_id) or ""
        if type(title) is not str:
            title = text_of(title) or ""
        key = (schema_id, title, tool)
        by_class[key] = by_class.get(key, 0) + 1
        total += 1
        author = entry.metadata
        if author is not None:
            for name in (author.created_by, author.updated_by):
                if type(name) is str and name not in authors:
                    authors[name] = None
    counts.total += total
    if odd:
        raws = read_elements(tools)
        for i in odd:
            _count_odd(entries[i], raws[i], counts)


_RARE = (
    ("polyline", "polyline"),
    ("rotated_bounding_box", "rotated-bounding-box"),
    ("ner", "ner"),
    ("spline", "spline"),
    ("circle", "circle"),
    ("ellipse", "ellipse"),
    ("angle", "angle"),
    ("message", "message"),
    ("pct", "pct"),
)
_COMMON = (
    ("bounding_box", "bounding-box"),
    ("polygon", "polygon"),
    ("segmentation", "segmentation"),
    ("point", "point"),
)


def _tool_of(entry: EntryHead) -> str | None:
    """The tool of an entry without one of the most common ones; None: look closer."""
    if entry.pdf is not NOTHING:
        # a text selection that goes over several pages is one label on each
        return "pdf" if bytes(entry.pdf).count(b'"pageNumber"') <= 1 else None
    for member, tool in _RARE:
        if getattr(entry, member) is not NOTHING:
            return tool
    return None


def _count_one_by_one(elements: list[Raw], counts: Counts) -> None:
    """Some element has a member of a wrong type: each for itself, the odd ones by the parser."""
    for raw in elements:
        try:
            entry = _entry.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            _count_parsed(raw, counts)
            continue
        tool = _tool_named(entry)
        if tool is None:
            _count_odd(entry, raw, counts)
        elif not is_stop(entry.stopped):
            counts.add(entry, tool)


def _tool_named(entry: EntryHead) -> str | None:
    for member, tool in _COMMON:
        if getattr(entry, member) is not NOTHING:
            return tool
    return _tool_of(entry)


def _count_odd(entry: EntryHead, raw: Raw, counts: Counts) -> None:
    """An entry without known geometry: a stop, a track with its frames inside, or something unknown."""
    within = [
        frames
        for frames in (entry.frames, entry.pages, entry.keyframes, entry.key_frames, entry.annotations)
        if frames is not NOTHING
    ]
    if not within:
        if entry.medical_brush is not NOTHING or (entry.pdf is NOTHING and is_stop(entry.stopped)):
            return
    elif len(within) == 1 and entry.stopped is None and _count_track(entry, within[0], counts):
        return
    _count_parsed(raw, counts)


def _count_track(entry: EntryHead, within: Raw, counts: Counts) -> bool:
    """Count the frames of a current video object. False when they are not of the plain kind."""
    try:
        frames = _entries.decode(within)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            frames = list(_frames.decode(within).values())
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
    found: list[str] = []
    drawn = False
    for frame in frames:
        if frame.schema_id is not None or frame.title is not None:
            return False
        tool = _tool_named(frame)
        drawn = drawn or tool is not None
        if is_stop(frame.stopped):
            continue
        if tool is None:
            return False
        found.append(tool)
    if not drawn:
        return False
    counts.flattened = True
    for tool in found:
        counts.add(entry, tool)
    return True


def _count_parsed(raw: Raw, counts: Counts) -> None:
    """Count what the parser makes of one entry. It is slow, and brings numpy with it."""
    from viewer.export.findings import Findings
    from viewer.export.generations.annotations import read_labels
    from viewer.model import counts_as_label

    members = {"tools": Raw(b"[" + bytes(raw) + b"]")}
    annotations = read_labels(members, "$", Findings(index=None, file=None), ids_expected=False).annotations
    counts.flattened = counts.flattened or any(a.page is not None and "page" not in _own(raw) for a in annotations)
    for annotation in annotations:
        if counts_as_label(annotation):
            key = (annotation.schema_id, annotation.title, annotation.key)
            counts.total += 1
            counts.by_class[key] = counts.by_class.get(key, 0) + 1


def _own(raw: Raw) -> set[str]:
    """The members of an entry that say its page, or that need none."""
    members = read_members(raw)
    return {"page"} if "page" in members or "pdf" in members else set()


def is_stop(value: Scalar) -> bool:
    """Whether ``interpolationStopped`` says so."""
    return value is True or (type(value) is str and value.lower() == "true")


def text_of(value: Scalar) -> str | None:
    """An id or name as text, bounded; numbers are taken as written, other values are none."""
    if type(value) is str:
        return value if len(value) <= TEXT_KEPT else value[:TEXT_KEPT]
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
