"""From an asset to what is needed to show one of its pages: addresses, hints, and the labels as shapes. No Qt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from viewer.decoders.base import Hints, PageInfo, Raster, View, VoiWindow
from viewer.fetch import Address
from viewer.geometry import LabelSpace, bounds
from viewer.model import TRACKED_KINDS, Annotation, Asset, AssetKind, Labels, Relation, Snapshot, Task, counts_as_label
from viewer.overlay.palette import GLOW, INK, Palette, class_index
from viewer.overlay.relations import RelationStore, relations_on_page
from viewer.overlay.shapes import ShapeStore
from viewer.overlay.space import Note, label_space
from viewer.overlay.style import Style, label_style
from viewer.state import ColourBy, Group, Look
from viewer.tracks import Placed, State, Timeline, timeline
from viewer.ui.page_labels import COLOUR_KEY_OF, GROUP_OF, page_labels
from viewer.workers.pixels import Bringing, Part

DRAWN_KINDS: frozenset[AssetKind] = frozenset({"image", "multi-image", "video", "pdf", "dicom", "unknown"})
"""Kinds whose file is fetched and decoded. `unknown` is tried: the bytes say what it is."""

KIND_WORDS: Mapping[str, str] = {
    "volume": "a medical volume", "text": "a text", "audio": "a recording", "markdown": "a Markdown text",
    "html": "an HTML page", "chat": "a conversation", "pct": "a 3D point cloud", "link": "a web page",
}  # fmt: skip
"""What an asset that has no pages to draw is, in the middle of a sentence."""


def asset_key(asset: Asset) -> str:
    """What located files are remembered under."""
    return asset.asset_id or asset.tasks[0].task_id or str(asset.index)


def addresses_of(asset: Asset) -> tuple[Address, ...]:
    """The files of an asset, one for each page of a dataset."""
    key = asset_key(asset)
    if not asset.dataset:
        return (Address(url=asset.url, external_id=asset.external_id, asset_key=key),)
    return tuple(
        Address(url=url, external_id=asset.external_id, asset_key=key, part=part, parts=len(asset.dataset))
        for part, url in enumerate(asset.dataset)
    )


def is_streamed(asset: Asset) -> bool:
    """Whether its file is worth being looked at before all of it is here."""
    return asset.kind == "video" and not asset.dataset


def brush_address(snapshot: Snapshot) -> Address | None:
    """The brush mask of a snapshot."""
    return Address(url=snapshot.brush_url) if snapshot.brush_url else None


def hints_of(
    asset: Asset,
    labels: Labels,
    *,
    mapping: Literal["", "index", "time", "chrome"] = "",
    page_offset: int = 0,
    password: str | None = None,
    engine: str = "",
) -> Hints:
    """What the export knows of the file."""
    size = asset.size
    total = asset.metadata_number("frameTotal", "pageTotal", "pages", "numPages")
    pages = [a.page for a in labels.annotations if a.page is not None and a.page >= 0]
    # a dataset's metadata can describe one of its files at most
    width, height = size if size and not asset.dataset else (None, None)
    return Hints(
        name=asset.external_id or "",
        width=width,
        height=height,
        frame_rate=asset.metadata_number("frameRate"),
        frame_total=int(total) if total else None,
        last_page=max(pages) if pages and asset.kind in TRACKED_KINDS else None,
        mapping=mapping,
        page_offset=page_offset,
        password=password,
        engine=engine,
    )


def parts_of(addresses: tuple[Address, ...], bring: Callable[[Address], Bringing]) -> tuple[Part, ...]:
    """The files as parts of one document; each is brought when a page of it is wanted."""

    def provider(address: Address) -> Callable[[], Bringing]:
        return lambda: bring(address)

    return tuple(Part(name=address.url_path or address.name, provide=provider(address)) for address in addresses)


def view_of(look: Look) -> View:
    """The VOI window and inversion that are asked for."""
    window = None if look.window is None else VoiWindow(center=look.window[0], width=look.window[1])
    return View(window=window, inverted=look.inverted)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The labels of one page, ready to draw and to list."""

    page: int
    info: PageInfo
    space: LabelSpace
    placed: tuple[Placed, ...]
    """All labels of the page in the order of the export, hidden ones too."""
    relations: tuple[Relation, ...]
    """All relations of the snapshot."""
    store: ShapeStore
    """The labels that are drawn."""
    arrows: RelationStore
    colours: Mapping[str, str]
    """#RRGGBB as drawn on this page, by `colour_key`; relations by their schema id."""
    colour_by: ColourBy
    notes: tuple[Note, ...]
    """What is not as the export says: sizes that differ, labels left out."""
    hidden: int = 0
    """How many of `placed` the look leaves out."""

    @property
    def is_paper(self) -> bool:
        """Whether the page is white paper, which takes the ink set of colours."""
        return self.info.kind == "pdf"

    def colour_of(self, annotation: Annotation) -> str:
        """The colour that a label is drawn in, #RRGGBB."""
        return self.colours[colour_key(annotation, self.colour_by)]


def colour_key(annotation: Annotation, by: ColourBy) -> str:
    """What two labels of one colour have in common."""
    return COLOUR_KEY_OF[by](annotation)


def _colours(
    keys: Iterable[str], relations: Sequence[Relation], palette: Palette, by: ColourBy, *, paper: bool
) -> dict[str, str]:
    """Class colours are the project's; those of persons, stages and instances are the same in every session."""
    if by == "class":
        found = {key: palette.colour(key, paper=paper) for key in keys}
    else:
        found = {key: (INK if paper else GLOW)[class_index(key)] for key in keys}
    return found | {r.schema_id: palette.colour(r.schema_id, paper=paper) for r in relations}


def timeline_of(asset: Asset, labels: Labels, look: Look) -> Timeline:
    """The grouping of a snapshot's labels over the pages.

    Whether they are key frames or every frame is a matter of the export, not of a stage: the current state
    takes part in the decision for every stage, so that stages are not read in two ways.
    """
    if asset.kind not in TRACKED_KINDS:
        return timeline(labels, tracked=False)
    if look.tracks != "auto":
        return timeline(labels, tracked=True, policy=look.tracks)
    evidence = timeline(labels, tracked=True).evidence
    for task in asset.tasks:
        evidence += timeline(task.current.labels, tracked=True).evidence
    return timeline(labels, tracked=True, policy=evidence.policy)


def build_scene(
    asset: Asset, labels: Labels, page: int, info: PageInfo, *, palette: Palette, look: Look, fill: float
) -> Scene:
    """Place the labels of one page. Pure; takes a few milliseconds per thousand labels.

    `fill` is the share of class colour inside of a label, 0 to 1.
    """
    placed = timeline_of(asset, labels, look).on_page(page)
    paper = info.kind == "pdf"
    space, sizes = label_space(
        kind=asset.kind,
        page_size=info.size,
        metadata_size=asset.size,
        flags=info.flags,
        many_files=bool(asset.dataset),
        in_points=paper,
    )
    notes = tuple(sizes)
    listed = page_labels(placed)
    colours = _colours(listed.colour_keys(look.colour_by), labels.relations, palette, look.colour_by, paper=paper)

    def style_of(colour: str, state: State, occluded: bool) -> Style:
        return label_style(colour, state=state, occluded=occluded, paper=paper, fill=fill)

    store, hidden = listed.store(space, look, colours, style_of)
    arrows = relations_on_page(
        labels.relations,
        store,
        known_ids={a.object_id for a in labels.annotations} if labels.relations else (),
        colour_of=lambda relation: colours[relation.schema_id],
    )
    if store.left_out:
        notes = (*notes, Note(f"{store.left_out:,} labels have too many points", "they are not drawn"))
    return Scene(
        page,
        info,
        space,
        placed,
        labels.relations,
        store,
        arrows,
        colours,
        look.colour_by,
        notes,
        hidden,
    )


def groups_of(annotation: Annotation) -> tuple[tuple[Group, str], ...]:
    """By what a label can be hidden or shown alone."""
    return tuple((group, value_of(annotation)) for group, value_of in GROUP_OF.items())


def is_shown(annotation: Annotation, look: Look) -> bool:
    """Whether a label is drawn: what is shown alone wins over what is hidden."""
    if look.solo is None and not look.hidden:
        return True
    groups = groups_of(annotation)
    return look.solo in groups if look.solo is not None else look.hidden.isdisjoint(groups)


def blind_info(asset: Asset, labels: Labels) -> PageInfo:
    """The geometry of a page whose file is not to be had: from the metadata, else around the labels."""
    size = asset.size
    if size is None:
        boxes = (bounds(a.tool.primitives(LabelSpace((1.0, 1.0)))) for a in labels.annotations)
        ends = [(box[2], box[3]) for box in boxes if box is not None]
        size = (max((x for x, _ in ends), default=1.0), max((y for _, y in ends), default=1.0))
    width, height = max(size[0], 1.0), max(size[1], 1.0)
    kind: Literal["pdf", "rgb"] = "pdf" if asset.kind == "pdf" else "rgb"
    flags = ("no picture", "size from the export") if asset.size else ("no picture",)
    return PageInfo(size=(width, height), native=(round(width), round(height)), kind=kind, flags=flags)


def blank(info: PageInfo) -> Raster:
    """Nothing to see of a page: white paper, else as dark as the dark canvas, on which every class colour shows."""
    level = 255 if info.kind == "pdf" else 19
    return Raster(np.full((1, 1), level, np.uint8), "gray8", (0.0, 0.0, *info.size))


def labels_by_page(labels: Labels) -> dict[int, int]:
    """How many labels were exported on each page; those without a page belong to page 0."""
    counts = Counter(a.page or 0 for a in labels.annotations if counts_as_label(a))
    return dict(counts)


def find_stage(task: Task, stage: str) -> int | None:
    """``current``, a 0-based index, a stage id, or a stage name (its latest occurrence), in this order.

    The current state takes part as the last entry. None when none fits.
    """
    snapshots = task.snapshots
    if stage == "current":
        return len(snapshots) - 1
    if re.fullmatch(r"[0-9]{1,6}", stage) and int(stage) < len(snapshots):
        return int(stage)
    for name in ("stage_id", "stage"):
        fitting = [s.index for s in snapshots if getattr(s, name) == stage]
        if fitting:
            return fitting[-1]
    return None
