"""A project's ontology: what an export leaves out, above all the colours of its classes (format §13)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from viewer import limits
from viewer.errors import ExportError
from viewer.export.beside import read_json
from viewer.model import Asset

_HEX = re.compile(r"#?([0-9a-fA-F]{6})(?:[0-9a-fA-F]{2})?")
_SHORT_HEX = re.compile(r"#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,[^)]*)?\)")
_LISTS = ("tools", "classifications", "relations")


class Ontology(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the classes, options and stages of a project, by their ids."""

    colours: Mapping[str, str] = {}
    """Schema id → ``#RRGGBB``."""
    titles: Mapping[str, str] = {}
    """Schema id → title of a class, question or relation."""
    tools: Mapping[str, str] = {}
    """Schema id → tool."""
    options: Mapping[str, str] = {}
    """Option id → text of the answer."""
    stage_types: Mapping[str, str] = {}
    """Stage id → ``Label``, ``Review``…"""
    stage_names: Mapping[str, str] = {}
    batches: Mapping[str, str] = {}
    """Batch id → name."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a project's JSON, its ``categorySchema`` alone, or a webhook's payload. Raises ExportError."""
        found = cls.of(read_json(path, what="an ontology"))
        if not (found.titles or found.stage_types):
            raise ExportError(
                f"{path.name} holds no ontology: no tools, classifications or relations with a schemaId. "
                "Save the answer of Ango Hub's project address (GET /v2/project/…) and open that file."
            )
        return found

    @classmethod
    def of(cls, value: Any) -> Self:
        """Whatever is found in a JSON value; empty when it holds nothing of the kind."""
        if isinstance(value, list):
            value = next((v for v in value if isinstance(v, dict) and "categorySchema" in v), None)
        for name in ("data", "project"):
            if isinstance(value, dict) and isinstance(value.get(name), dict):
                value = value[name]
        if not isinstance(value, dict):
            return cls()
        schema = value.get("categorySchema")
        if not isinstance(schema, dict):
            schema = value if any(isinstance(value.get(name), list) for name in _LISTS) else {}
        nodes = [n for name in _LISTS for n in _nodes(schema.get(name)) if isinstance(n.get("schemaId"), str | int)]
        stages = [s for s in _dicts(value.get("stages")) if isinstance(s.get("id"), str)]
        return cls(
            colours={str(n["schemaId"]): c for n in nodes if (c := colour(n.get("color"))) is not None},
            titles={str(n["schemaId"]): n["title"] for n in nodes if isinstance(n.get("title"), str)},
            tools={str(n["schemaId"]): n["tool"] for n in nodes if isinstance(n.get("tool"), str)},
            options=dict(pair for n in nodes for pair in _options(n.get("options"))),
            stage_types={s["id"]: s["type"] for s in stages if isinstance(s.get("type"), str)},
            stage_names={s["id"]: s["name"] for s in stages if isinstance(s.get("name"), str)},
            batches={
                b["_id"]: b["name"]
                for b in _dicts(value.get("batches"))
                if isinstance(b.get("_id"), str) and isinstance(b.get("name"), str)
            },
        )

    @classmethod
    def of_asset(cls, asset: Asset) -> Self:
        """What a webhook's payload brought along; empty for a plain export."""
        return cls.of({"categorySchema": asset.fields.get("categorySchema")})


def colour(value: Any) -> str | None:
    """``#RRGGBB`` of the ways that colours are written in; None for anything else."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if match := _HEX.fullmatch(text):
        return f"#{match.group(1).upper()}"
    if match := _SHORT_HEX.fullmatch(text):
        return "#" + "".join(digit * 2 for digit in match.groups()).upper()
    if match := _RGB.fullmatch(text):
        parts = [int(part) for part in match.groups()]
        return "#" + "".join(f"{part:02X}" for part in parts) if max(parts) <= 255 else None
    return None


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def _nodes(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Classes and questions, with those nested in them or in their options."""
    if depth > limits.JSON_DEPTH:
        return
    for node in _dicts(value):
        yield node
        yield from _nodes(node.get("classifications"), depth + 1)
        for option in _dicts(node.get("options")):
            yield from _nodes(option.get("classifications"), depth + 1)


def _options(value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """(option id, text) pairs, those of trees included."""
    if depth > limits.JSON_DEPTH:
        return
    for option in _dicts(value):
        key = next((option[k] for k in ("schemaId", "id", "_id") if isinstance(option.get(k), str)), None)
        text = next((option[k] for k in ("value", "title", "label", "name") if isinstance(option.get(k), str)), None)
        if key is not None and text is not None:
            yield key, text
        for name in ("children", "options"):
            yield from _options(option.get(name), depth + 1)
