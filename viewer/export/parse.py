"""One asset of any generation, from its JSON to `viewer.model`. What cannot be read becomes a `Problem`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from viewer.errors import ExportError
from viewer.export.findings import Findings
from viewer.export.generations import imports, tasks_of
from viewer.export.generations.annotations import Members
from viewer.export.generations.base import present, rest, value
from viewer.export.kind import kind_of_asset
from viewer.export.links import without_query
from viewer.export.mend import collector_paused, members_of
from viewer.model import Asset
from viewer.tools.base import kind_of

_USED = frozenset(
    ("asset", "data", "assetId", "externalId", "dataset", "metadata", "batches", "batchNames", "task", "tasks")
)
_SIZES = ("width", "height", "frameTotal", "frameRate")


def parse_asset(raw: bytes, *, index: int, file: str | None = None) -> Asset:
    """Type one asset. `index` is its place in the export, `file` the name that its problems carry.

    The labels of each snapshot are read on first use. Raises ExportError when the bytes are no JSON object,
    even after the repairs of `viewer.export.mend`.
    """
    with collector_paused():
        return _asset(raw, index=index, file=file)


def _asset(raw: bytes, *, index: int, file: str | None) -> Asset:
    try:
        members, repaired = members_of(raw)
    except msgspec.ValidationError:
        raise ExportError(f"Asset {index} is not an object. It is left out.") from None
    except ExportError as error:
        raise ExportError(f"Asset {index} cannot be read. {error}") from None
    findings = Findings(index=index, file=file)
    external_id = findings.text(value(members, "externalId", "$", findings), "$.externalId")
    external_id = None if external_id is None else without_query(external_id)
    # what was found before the name was known gets it, too
    findings.external_id = external_id
    findings.problems = [msgspec.structs.replace(p, external_id=external_id) for p in findings.problems]
    if repaired:
        findings.add("the text is damaged", "it was repaired", "$")
    url = _text(members, "asset", findings)
    if url is None:
        url = _text(members, "data", findings)  # the name in imports
    dataset = _dataset(members, findings)
    metadata = _metadata(value(members, "metadata", "$", findings), findings)
    tasks = tasks_of(members, findings)
    if present(members, "task") and present(members, "tasks"):
        findings.add("both task and tasks are there", "task is shown", "$.tasks")
    used = _USED
    if not (present(members, "task") or present(members, "tasks")):
        used = _USED | imports.USED
    return Asset(
        index=index,
        kind=kind_of_asset(url, external_id=external_id, dataset=dataset, metadata=metadata, raw=raw),
        url=url,
        asset_id=_text(members, "assetId", findings),
        external_id=external_id,
        dataset=dataset,
        metadata=metadata,
        batches=_batches(members, findings),
        tasks=tasks,
        fields=rest(members, used, "$", findings),
        raw=raw,
        problems=findings.all(),
    )


def _text(members: Members, name: str, findings: Findings) -> str | None:
    return findings.text(value(members, name, "$", findings), f"$.{name}")


def _dataset(members: Members, findings: Findings) -> tuple[str | None, ...]:
    """Addresses by page. One that is unreadable keeps its place, so that the others keep their pages."""
    items = findings.items(value(members, "dataset", "$", findings), "$.dataset", of="addresses")
    return tuple(findings.text(item, f"$.dataset[{i}]") for i, item in enumerate(items))


def _batches(members: Members, findings: Findings) -> tuple[str, ...]:
    """Names of batches; a webhook's ``batches`` holds ids and its ``batchNames`` the names. Null is skipped."""
    name = "batchNames" if present(members, "batchNames") else "batches"
    items = findings.items(value(members, name, "$", findings), f"$.{name}", of="batches")
    texts = (findings.text(item, f"$.{name}[{i}]") for i, item in enumerate(items))
    return tuple(text for text in texts if text is not None)


def _metadata(found: Any, findings: Findings) -> Mapping[str, Any]:
    """The members as they are, sizes and rates repaired or left out where they are unusable."""
    metadata = dict(findings.members(found, "$.metadata"))
    for name in _SIZES:
        given = metadata.get(name)
        if given is None or (type(given) in (int, float) and 0 < given < 1e12):
            continue
        path = f"$.metadata.{name}"
        number = _number(given)
        if number is None:
            del metadata[name]
            what = f"{kind_of(given)} stands where a positive number belongs"
            if isinstance(given, int | float) and not isinstance(given, bool):
                what = f"{name} is not a usable number"
            findings.add(what, "it counts as absent", path)
        else:
            metadata[name] = number
            findings.add("text stands where a number belongs", f"it was read as {number:g}", path)
    return metadata


def _number(given: Any) -> float | None:
    try:
        number = float(given) if isinstance(given, str) else math.nan
    except ValueError:
        return None
    return number if 0 < number < 1e12 else None
