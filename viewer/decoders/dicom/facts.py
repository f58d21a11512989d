"""What a DICOM file says about itself and its frames as plain values, without a word about the patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from viewer.decoders.dicom.header import Header
from viewer.decoders.dicom.layout import Layout
from viewer.decoders.dicom.values import Groups, items, number, numbers, text, whole

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def file_facts(header: Header, layout: Layout, *, codec: str) -> dict[str, Any]:
    """Facts about the whole file. Names of persons, institutions, dates and ids are never among them."""
    from pydicom.uid import UID

    sop = UID(text(header.dataset, "SOPClassUID"))
    return {
        "codec": codec,
        "transfer_syntax": UID(header.syntax).name if header.syntax else "",
        "modality": text(header.dataset, "Modality"),
        "sop_class": sop.name if sop else "",
        "photometric": layout.photometric,
        "bits_stored": layout.stored,
        "bits_allocated": layout.allocated,
        "signed": layout.signed,
        "series": text(header.dataset, "SeriesInstanceUID"),
    }


def spacing_of(groups: Groups, dataset: Dataset, page: int) -> tuple[tuple[float, float] | None, str]:
    """((row step, column step) in mm, where it holds): "patient", "detector" or "scanner"."""
    for place in groups.places(page, "PixelMeasuresSequence"):
        found = _pair(place, "PixelSpacing")
        if found is not None:
            return found, "patient"
    for keyword, where in (("ImagerPixelSpacing", "detector"), ("NominalScannedPixelSpacing", "scanner")):
        found = _pair(dataset, keyword)
        if found is not None:
            return found, where
    return None, ""


def _pair(dataset: Dataset | None, keyword: str) -> tuple[float, float] | None:
    found = numbers(dataset, keyword)
    return (found[0], found[1]) if len(found) == 2 and found[0] > 0 and found[1] > 0 else None


def frame_facts(groups: Groups, dataset: Dataset, layout: Layout, page: int) -> dict[str, Any]:
    """Facts about one frame: where it lies in the patient, the shape of its pixels, regions of ultrasound."""
    facts: dict[str, Any] = {}
    position = _first(groups, page, "PlanePositionSequence", "ImagePositionPatient", 3)
    orientation = _first(groups, page, "PlaneOrientationSequence", "ImageOrientationPatient", 6)
    if position:
        facts["position_mm"] = position
    if orientation:
        facts["orientation"] = orientation
        facts["orientation_letters"] = (_letters(orientation[:3]), _letters(orientation[3:]))
    if position and orientation:
        normal = np.cross(orientation[:3], orientation[3:])
        facts["position_along_normal_mm"] = float(np.dot(normal, position))
    for place in groups.places(page, "PixelMeasuresSequence"):
        thickness = number(place, "SliceThickness")
        if thickness is not None:
            facts["slice_thickness_mm"] = thickness
            break
    spacing, source = spacing_of(groups, dataset, page)
    if spacing is not None:
        facts["spacing_of"] = source
    aspect = pixel_aspect(dataset, spacing)
    if abs(aspect - 1.0) > 1e-3:
        facts["pixel_aspect"] = aspect
    regions = _regions(dataset, layout)
    if regions:
        facts["regions"] = regions
    return facts


def pixel_aspect(dataset: Dataset, spacing: tuple[float, float] | None) -> float:
    """Height of a pixel over its width: from the spacing, else PixelAspectRatio, else 1."""
    if spacing is not None:
        return spacing[0] / spacing[1]
    ratio = _pair(dataset, "PixelAspectRatio")
    return 1.0 if ratio is None else ratio[0] / ratio[1]


def _first(groups: Groups, page: int, macro: str, keyword: str, count: int) -> tuple[float, ...]:
    for place in groups.places(page, macro):
        found = numbers(place, keyword)
        if len(found) == count:
            return found
    return ()


def _letters(cosines: tuple[float, ...]) -> str:
    """Direction cosines as letters of the body, the largest first: L/R, P/A, H/F where over 0.1."""
    names = (("R", "L"), ("A", "P"), ("F", "H"))
    order = sorted(range(3), key=lambda axis: -abs(cosines[axis]))
    return "".join(names[axis][cosines[axis] > 0] for axis in order if abs(cosines[axis]) > 0.1)


def _regions(dataset: Dataset, layout: Layout) -> list[dict[str, float]]:
    """Ultrasound regions with a length scale: edges in pixels and mm per pixel."""
    found = []
    for item in items(dataset, "SequenceOfUltrasoundRegions")[:64]:
        dx, dy = number(item, "PhysicalDeltaX"), number(item, "PhysicalDeltaY")
        centimetres = whole(item, "PhysicalUnitsXDirection") == 3 and whole(item, "PhysicalUnitsYDirection") == 3
        if not dx or not dy or not centimetres:
            continue
        found.append(
            {
                "x0": max(0, whole(item, "RegionLocationMinX0")),
                "y0": max(0, whole(item, "RegionLocationMinY0")),
                "x1": min(layout.columns, whole(item, "RegionLocationMaxX1") + 1),
                "y1": min(layout.rows, whole(item, "RegionLocationMaxY1") + 1),
                "dx_mm": abs(dx) * 10.0,
                "dy_mm": abs(dy) * 10.0,
            }
        )
    return found
