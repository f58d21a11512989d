"""The labels of one snapshot: annotations, classifications and relations out of their JSON lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from viewer import limits
from viewer.errors import ExportError
from viewer.export.findings import Findings, plural
from viewer.export.generations.current import Frame, frames_of
from viewer.export.links import without_query
from viewer.export.mend import collector_paused, elements_of, value_of
from viewer.export.repeats import Repeats
from viewer.model import Annotation, Classification, Labels, Relation
from viewer.tools import COMMON_MEMBERS, GUESSED, geometry_key, parse_tool
from viewer.tools.base import Entry, Tool, kind_of

Members = Mapping[str, msgspec.Raw]
"""An object's members, each still undecoded."""

NULL = msgspec.Raw(b"null")
_DIRECTIONS = ("straight", "reverse", "bidirectional")
_RELATION_MEMBERS = ("from", "to", "group")


def labels_later(
    members: Members, path: str, findings: Findings, *, ids_expected: bool = True, repeats: Repeats | None = None
) -> Callable[[], Labels]:
    """A function that reads the labels of a task or a history entry at `path`, to be called once.

    `repeats` is shared by the snapshots of a task.
    """
    # the lists alone: a reference to the whole task would keep nothing more alive, but says less
    lists = {key: members[key] for key in ("tools", "objects", "classifications", "relations") if key in members}

    def read() -> Labels:
        with collector_paused():
            return read_labels(lists, path, findings.same_place(), ids_expected=ids_expected, repeats=repeats)

    return read


def read_labels(
    members: Members, path: str, findings: Findings, *, ids_expected: bool = True, repeats: Repeats | None = None
) -> Labels:
    """All that a snapshot holds. Nothing raises: what cannot be read is in ``Labels.problems``."""
    annotations: list[Annotation] = []
    # V2 says objects, V3 says tools; an archive that was mixed by hand may hold both
    for name in ("tools", "objects"):
        if name in members:
            reader = _Entries(f"{path}.{name}", name, findings, ids_expected=ids_expected, repeats=repeats)
            annotations += reader.read(members[name])
    classifications = [
        c
        for _, value, at in _elements(
            members.get("classifications", NULL), f"{path}.classifications", findings, "answers"
        )
        if (c := classification(value, at, findings)) is not None
    ]
    relations = [
        r
        for raw, value, at in _elements(members.get("relations", NULL), f"{path}.relations", findings, "relations")
        if (r := _relation(value, raw, at, findings)) is not None
    ]
    _tell_dangling(annotations, relations, findings)
    return Labels(
        annotations=tuple(annotations),
        classifications=tuple(classifications),
        relations=tuple(relations),
        problems=findings.all(),
    )


def _elements(raw: msgspec.Raw, path: str, findings: Findings, of: str) -> Iterator[tuple[bytes, Any, str]]:
    """(JSON, value, path) of each element of a list that is still text. Broken ones are told and left out."""
    for piece, at in _pieces(raw, path, findings, of):
        read = _value(piece, at, findings)
        if read is not None:
            yield piece, read[0], at


def _pieces(raw: msgspec.Raw, path: str, findings: Findings, of: str) -> Iterator[tuple[bytes, str]]:
    """(JSON, path) of each element of a list."""
    try:
        pieces, _ = elements_of(raw)
    except msgspec.ValidationError:
        if bytes(raw) != b"null":
            kind = kind_of(value_of(raw)[0])
            findings.add(f"{kind} stands where a list of {of} belongs", "it was left out", path, error=True)
        return
    except ExportError as error:
        findings.add(str(error), "it was left out", path, error=True)
        return
    for i, piece in enumerate(pieces):
        yield bytes(piece), f"{path}[{i}]"


def _value(json: bytes, at: str, findings: Findings) -> tuple[Any] | None:
    """The value of an element, alone in a tuple; None, and told, when it is broken."""
    try:
        value, repaired = value_of(json)
    except ExportError as error:
        findings.add(str(error), "it was left out", at, error=True)
        return None
    if repaired:
        findings.add("the text is damaged", "it was repaired", at)
    return (value,)


class _Entries:
    """Reads the elements of ``tools``; it is also the `Notes` of the tool that it reads at the moment."""

    def __init__(
        self, path: str, name: str, findings: Findings, *, ids_expected: bool, repeats: Repeats | None
    ) -> None:
        self.path = path
        self.name = name
        self.findings = findings
        self.ids_expected = ids_expected
        self.repeats = Repeats() if repeats is None else repeats
        self.at = path
        self.guessed: Counter[str] = Counter()
        self.flattened = 0

    def __call__(self, what: str, instead: str, path: str, *, error: bool = False) -> None:
        self.findings.add(what, instead, self.at + path, error=error)

    def read(self, raw: msgspec.Raw) -> list[Annotation]:
        """The annotations of the list, frames of video objects as one each."""
        found: list[Annotation] = []
        for json, at in _pieces(raw, self.path, self.findings, "labels"):
            if same := self.repeats.of(json, at):
                found += same
                if same[0].tool.KEY in GUESSED:
                    self.guessed[same[0].tool.KEY] += 1
            else:
                found += self._entry(json, at)
        self._tell_guesses()
        return found

    def _entry(self, json: bytes, at: str) -> list[Annotation]:
        told = self.findings.count
        read = _value(json, at, self.findings)
        if read is None:
            return []
        (entry,) = read
        self.at = at
        if not isinstance(entry, dict):
            self(f"{kind_of(entry)} stands where a label belongs", "it was left out", "", error=True)
            return []
        frames = None if geometry_key(entry) is not None else frames_of(entry)
        if frames is not None:
            self.flattened += 1
            return [annotation for frame in frames for annotation in self._frame(frame, json, at)]
        found = self._annotations(entry, entry.get("page"), ".page", json, at[len(self.path) :])
        if self.findings.count == told and entry.get("objectId"):  # one without an id is called by its place
            self.repeats.keep(json, found)
        return found

    def _frame(self, frame: Frame, json: bytes, at: str) -> list[Annotation]:
        self.at = at + frame.path
        if frame.problem is not None:
            self(*frame.problem, "")
        if not frame.entry:
            return []
        return self._annotations(frame.entry, frame.page, "", json, at[len(self.path) :])

    def _annotations(self, entry: Entry, page: Any, page_path: str, json: bytes, place: str) -> list[Annotation]:
        """One annotation; several where a tool names several pages."""
        f, at = self.findings, self.at
        tool = parse_tool(entry, self)
        if tool.KEY in GUESSED:
            self.guessed[tool.KEY] += 1
        object_id, schema_id, title = entry.get("objectId"), entry.get("schemaId"), entry.get("title")
        # the tests for the usual type spare a call and a path for each of very many entries
        if type(object_id) is not str:
            object_id = f.text(object_id, f"{at}.objectId")
        if not object_id:
            object_id = f"{self.name}{place}"
            if self.ids_expected:
                self("objectId is missing", f"it is called {object_id}", "")
        metadata = f.members(entry.get("metadata"), f"{at}.metadata")
        created, updated = f.edits(metadata, f"{at}.metadata")
        key = getattr(tool, "name", "") or tool.KEY
        nested = entry.get("classifications")
        annotation = Annotation(
            object_id=object_id,
            schema_id=schema_id if type(schema_id) is str else f.text(schema_id, f"{at}.schemaId") or "",
            title=without_query(title if type(title) is str else f.text(title, f"{at}.title") or ""),
            tool=tool,
            page=None if page is None else f.page(page, at + page_path),
            stopped="interpolationStopped" in entry
            and f.flag(entry["interpolationStopped"], f"{at}.interpolationStopped"),
            classifications=nested_classifications(nested, f"{at}.classifications", f) if nested != [] else (),
            created=created,
            updated=updated,
            metadata=metadata,
            extra=_others(entry, key),
            path=at,
            raw=json,
        )
        by_page = getattr(tool, "by_page", None)
        if by_page is None:
            return [annotation]
        return self._on_own_pages(annotation, by_page())

    def _on_own_pages(self, annotation: Annotation, parts: Mapping[int, Tool]) -> list[Annotation]:
        if annotation.page is not None and annotation.page not in parts:
            pages = ", ".join(str(page) for page in parts)
            self(f"page is {annotation.page}, but the label says page {pages}", "the label's own is used", ".page")
        return [msgspec.structs.replace(annotation, tool=part, page=page) for page, part in parts.items()]

    def _tell_guesses(self) -> None:
        self.at = self.path
        for key, count in self.guessed.items():
            self(f"the form of {key} is not published ({plural(count, 'label')})", GUESSED[key], "")
        if self.flattened:
            what = f"{plural(self.flattened, 'video object')} with the frames inside: this form is not published"
            self(what, "each frame was read as one label", "")


_KNOWN = COMMON_MEMBERS - {"lock", "ocr", "masks"}


def _others(entry: Entry, key: str) -> dict[str, Any]:
    """The members that neither every entry nor this tool has, in the order of the export."""
    found = entry.keys() - _KNOWN
    return {k: entry[k] for k in entry if k in found and k != key} if found != {key} else {}


def nested_classifications(value: Any, path: str, findings: Findings, depth: int = 0) -> tuple[Classification, ...]:
    """The classifications of an annotation, a relation, or another classification."""
    if not value and (value is None or value == []):
        return ()
    items = findings.items(value, path, of="answers")
    if depth > limits.JSON_DEPTH:
        findings.add(f"questions are nested deeper than {limits.JSON_DEPTH} levels", "the rest was left out", path)
        return ()
    found = (classification(item, f"{path}[{i}]", findings, depth) for i, item in enumerate(items))
    return tuple(c for c in found if c is not None)


def classification(value: Any, path: str, findings: Findings, depth: int = 0) -> Classification | None:
    """One question and its answer with all nested ones; None, and told, when it is no object."""
    if not isinstance(value, dict):
        findings.add(f"{kind_of(value)} stands where an answer belongs", "it was left out", path, error=True)
        return None
    page = value.get("page")
    return Classification(
        object_id=findings.text(value.get("objectId"), f"{path}.objectId"),
        schema_id=findings.text(value.get("schemaId"), f"{path}.schemaId"),
        tool=findings.text(value.get("tool"), f"{path}.tool") or "",
        title=without_query(findings.text(value.get("title"), f"{path}.title") or ""),
        answer=value.get("answer"),
        page=None if page is None else findings.page(page, f"{path}.page"),
        stopped=findings.flag(value.get("interpolationStopped"), f"{path}.interpolationStopped"),
        classifications=nested_classifications(
            value.get("classifications"), f"{path}.classifications", findings, depth + 1
        ),
        metadata=findings.members(value.get("metadata"), f"{path}.metadata"),
        path=path,
    )


def _relation(value: Any, raw: bytes, path: str, findings: Findings) -> Relation | None:
    if not isinstance(value, dict):
        findings.add(f"{kind_of(value)} stands where a relation belongs", "it was left out", path, error=True)
        return None
    group: tuple[str, ...] | None = None
    if value.get("group") is not None:
        group = _ids(findings.items(value["group"], f"{path}.group", of="members"), f"{path}.group", findings)
    elif value.get("from") is None or value.get("to") is None:
        missing = [name for name in ("from", "to") if value.get(name) is None]
        findings.add(f"{' and '.join(missing)} is missing", "that end is shown as missing", path, error=True)
    return Relation(
        object_id=findings.text(value.get("objectId"), f"{path}.objectId") or path,
        schema_id=findings.text(value.get("schemaId"), f"{path}.schemaId") or "",
        title=without_query(findings.text(value.get("title"), f"{path}.title") or ""),
        sources=() if group is not None else _ids(value.get("from"), f"{path}.from", findings),
        targets=() if group is not None else _ids(value.get("to"), f"{path}.to", findings),
        group=group,
        direction=_direction(value.get("direction"), f"{path}.direction", findings),
        page=findings.page(value.get("page"), f"{path}.page"),
        classifications=nested_classifications(value.get("classifications"), f"{path}.classifications", findings),
        metadata=findings.members(value.get("metadata"), f"{path}.metadata"),
        path=path,
        raw=raw,
    )


def _ids(value: Any, path: str, findings: Findings) -> tuple[str, ...]:
    """One object id or a list of them."""
    values = value if isinstance(value, list) else [value]
    paths = [f"{path}[{i}]" for i in range(len(values))] if isinstance(value, list) else [path]
    return tuple(found for v, at in zip(values, paths) if (found := findings.text(v, at)) is not None)


def _direction(value: Any, path: str, findings: Findings) -> Any:
    if value is None:
        return "straight"  # imports leave it out (format §10)
    if value in _DIRECTIONS:
        return value
    shown = f'"{value[:40]}"' if isinstance(value, str) else kind_of(value)
    findings.add(f"{shown} is not a direction", "it was read as straight", path)
    return "straight"


def _tell_dangling(annotations: list[Annotation], relations: list[Relation], findings: Findings) -> None:
    """A member that is not in the snapshot is legal input, but cannot be shown."""
    if not relations:
        return
    known = {a.object_id for a in annotations} | {r.object_id for r in relations}
    for relation in relations:
        for member in dict.fromkeys(relation.members):
            if member not in known:
                what = f"the relation points at {member[:80]}, which is not among the labels"
                findings.add(what, "that end is shown as missing", relation.path)
