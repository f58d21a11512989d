"""A chest as computed tomography would see it: the multi-frame 16-bit DICOM of the demo. Nobody was scanned."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import cv2
import ink
import numpy as np
from ink import Points
from story import (
    LABEL_1,
    LABEL_2,
    REVIEW_1,
    REVIEW_2,
    Answer,
    Json,
    Label,
    Relation,
    Task,
    Visit,
    bounding,
    moved,
    scaled,
)

SIZE, SLICES = 256, 24
STEP, THICKNESS = 1.4, 6.0
NAME = "CT_0042.dcm"
NODULE = (86.0, 100.0, 13.0, 7.2, 2.9)
"""x, y, middle slice, largest radius in pixels, half its height in slices."""


def level(k: int) -> float:
    """-1 at the lowest slice, 1 at the highest."""
    return k / (SLICES - 1) * 2 - 1


def body(k: int) -> Points:
    """The skin."""
    return ink.ellipse(128, 132, 112 - 12 * max(0.0, level(k)), 80 - 5 * max(0.0, level(k)), count=96)


def lungs(k: int) -> tuple[Points, Points]:
    """The right and the left lung (left and right in the picture), up to what lies between them."""
    z = level(k)
    size = np.sqrt(max(0.05, 1 - (z * 0.93) ** 2)) * (1.06 - 0.10 * z)
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    found = []
    for side in (-1, 1):
        x = 128 + side * 54 + np.cos(angle) * 35.0 * size + side * 2.2 * np.sin(3 * angle + side)
        y = 130 + np.sin(angle) * 54.0 * size
        found.append(_as_far_as_free(np.stack((x, y), 1), k))
    return found[0], found[1]


def _as_far_as_free(ring: Points, k: int) -> Points:
    """A ring drawn in along its rays to where nothing else is."""
    middle = ring.mean(axis=0)
    share = np.linspace(0.2, 1.0, 401)
    rays = middle + (ring - middle)[:, None] * share[None, :, None]
    taken = np.zeros(rays.shape[:2], bool)
    for x, y, rx, ry, turn in _between(k):
        local = ink.turned((rays - (x, y)).reshape(-1, 2), -turn).reshape(rays.shape)
        taken |= (local[..., 0] / rx) ** 2 + (local[..., 1] / ry) ** 2 < 1
    first = np.where(taken.any(axis=1), np.maximum(taken.argmax(axis=1) - 1, 0), len(share) - 1)
    return rays[np.arange(len(ring)), first]


def _between(k: int) -> list[tuple[float, float, float, float, float]]:
    """What lies between the lungs, as ellipses (x, y, rx, ry, turn)."""
    x, y, r = aorta(k)
    found = [(128.0, 118.0, 21.0, 40.0, 0.0), (x, y, r + 2.0, r + 2.0, 0.0)]
    if heart(k) is not None:
        size = _heart_size(k)
        found.append((139.0, 112.0, 36 * size * 1.07, 25 * size * 1.07, 28.0))
    return found


def _heart_size(k: int) -> float:
    return float(np.sqrt(max(0.02, 1 - ((level(k) + 0.38) / 0.70) ** 2)))


def heart(k: int) -> Points | None:
    """The heart, in the lower half."""
    if level(k) > 0.28:
        return None
    size = _heart_size(k)
    ring = ink.ellipse(0, 0, 36 * size, 25 * size, turn=28, count=40)
    return ring + np.array((139, 112))


def aorta(k: int) -> tuple[float, float, float]:
    """Middle and radius of the descending aorta."""
    z = level(k)
    return 141.5 + 1.5 * z, 159.0 - 2.0 * z, 8.6 + 0.5 * z


def vertebra(k: int) -> Points:
    """The body of a vertebra."""
    return ink.catmull_rom(
        np.array(
            (
                (112.0, 172),
                (119, 165.5),
                (128, 164.5),
                (137, 165.5),
                (144, 172),
                (143, 183),
                (136, 189),
                (128, 188),
                (120, 189),
                (113, 183),
                (112, 172),
            )
        ),
        3,
    )[:-1]


def nodule(k: int) -> tuple[float, float, float] | None:
    """Middle and radius of the nodule in a slice."""
    x, y, middle, radius, reach = NODULE
    share = 1 - ((k - middle) / reach) ** 2
    return (x + 0.4 * (k - middle), y - 0.3 * (k - middle), radius * float(np.sqrt(share))) if share > 0.05 else None


def spine_front(k: int) -> Points:
    """Points along the front of the spine."""
    return vertebra(k)[:13]


# ---- the volume -------------------------------------------------------------------------------------------


def volume() -> np.ndarray:
    """Hounsfield units, shape (slices, rows, columns), int16."""
    rng = np.random.default_rng(42)
    vessels = _vessels(np.random.default_rng(8))
    slices = []
    for k in range(SLICES):
        hu = np.full((SIZE, SIZE, 1), -1000.0, np.float32)
        hu3 = hu.repeat(3, axis=2)  # the painting functions take three channels
        _paint_slice(hu3, k, vessels, rng)
        plane = cv2.GaussianBlur(hu3[..., 0], (0, 0), 0.75)
        noise = cv2.GaussianBlur(rng.normal(0, 26, plane.shape).astype(np.float32), (0, 0), 0.7)
        noise *= 0.35 + 0.65 * (plane > -990)
        slices.append(np.rint(plane + noise))
    return np.clip(np.stack(slices), -1024, 2000).astype(np.int16)


def _tone(value: float) -> tuple[float, float, float]:
    return (value, value, value)


def _paint_slice(hu: np.ndarray, k: int, vessels: list[np.ndarray], rng: np.random.Generator) -> None:
    z = level(k)
    ink.fill(hu, ink.box(30, 228, 196, 6), _tone(-560))  # the table
    ink.fill(hu, body(k), _tone(-60))
    ink.fill(hu, _shrunk(body(k), 0.975), _tone(-102))
    muscle = _shrunk(body(k), 0.885)
    ink.fill(hu, muscle, _tone(52))
    for x, y, turn in ((84, 186, 24), (172, 186, -24), (64, 82, -40), (192, 82, 40)):
        ink.fill(hu, ink.ellipse(x, y, 34, 5, turn=turn), _tone(-88), 0.7)
    _ribs(hu, z)
    for lung in lungs(k):
        ink.fill(hu, _shrunk(lung, 1.035), _tone(-20))
        ink.fill(hu, lung, _tone(-862))
        ink.fill(hu, _shrunk(lung, 0.72) + np.array((0, 12)), _tone(-838), 0.6)
    ink.fill(hu, ink.ellipse(128, 118, 21, 40), _tone(-70), 0.9)  # fat between the lungs
    ring = heart(k)
    if ring is not None:
        ink.fill(hu, _shrunk(ring, 1.07), _tone(-70))
        ink.fill(hu, ring, _tone(48))
        for dx, dy, r in ((-9, -3, 0.42), (9, 5, 0.46)):
            ink.fill(hu, (ring - ring.mean(axis=0)) * r + ring.mean(axis=0) + np.array((dx, dy)), _tone(150), 0.9)
    else:
        for x, y, r in ((118, 104, 10), (136, 98, 12.5), (141, 122, 8)):
            ink.fill(hu, ink.ellipse(x, y, r), _tone(165))
    if z > -0.12:  # the windpipe, then its two branches
        gap = max(0.0, 0.25 - z) * 34
        for side in (-1, 1):
            ink.fill(hu, ink.ellipse(127 + side * gap, 143, 8.0, 8.4), _tone(40))
            ink.fill(hu, ink.ellipse(127 + side * gap, 143, 6.2, 6.6), _tone(-985))
    x, y, r = aorta(k)
    ink.fill(hu, ink.ellipse(x, y, r + 1.2), _tone(30))
    ink.fill(hu, ink.ellipse(x, y, r), _tone(178))
    ink.fill(hu, ink.ellipse(126, 156, 5.4, 4.2), _tone(32))
    _bone(hu, vertebra(k), 320, 190)
    for side in (-1, 1):
        ink.fill(hu, ink.ellipse(128 + side * 13, 194, 5, 8, turn=side * -32), _tone(430))
        ink.fill(hu, ink.ellipse(128 + side * 25, 192, 10, 4, turn=side * 12), _tone(360))
    ink.fill(hu, ink.ellipse(128, 196.5, 7.5, 6.5), _tone(26))
    ink.fill(hu, ink.ellipse(128, 203, 3.2, 6), _tone(420))
    _bone(hu, ink.rounded(118, 62 + 3 * z, 20, 8, 3), 300, 150)
    for path in vessels:
        _vessel(hu, path, z, lungs(k))
    spot = nodule(k)
    if spot is not None:
        nx, ny, nr = spot
        for turn in range(0, 360, 45):
            tip = ink.turned(np.array(((nr * 1.55, 0.0),)), turn + 11)[0]
            ink.stroke(hu, np.array(((nx, ny), (nx + tip[0], ny + tip[1]))), 0.9, _tone(-350), 0.6)
        ink.fill(hu, ink.blob(np.random.default_rng(4), nx, ny, nr, rough=0.05, count=20), _tone(44))


def _shrunk(ring: Points, share: float) -> Points:
    middle = ring.mean(axis=0)
    return (ring - middle) * share + middle


def _bone(hu: np.ndarray, ring: Points, rim: float, inside: float) -> None:
    ink.fill(hu, ring, _tone(rim + 260))
    ink.fill(hu, _shrunk(ring, 0.84), _tone(inside))


def _ribs(hu: np.ndarray, z: float) -> None:
    for i, angle in enumerate(np.arange(-158, 203, 24) + z * 46):
        if 70 < angle % 360 < 110 or 250 < angle % 360 < 290:
            continue
        a = np.radians(angle)
        x, y = 128 + 95 * np.cos(a), 132 + 66 * np.sin(a)
        turn = float(np.degrees(np.arctan2(66 * np.cos(a), -95 * np.sin(a))))
        _bone(hu, ink.ellipse(x, y, 12.5 - i % 3, 3.9, turn=turn), 360, 240)


def _vessels(rng: np.random.Generator) -> list[np.ndarray]:
    """Branches (x, y, height, radius) that leave the middle of each lung."""
    paths = []
    for side in (-1, 1):
        for _ in range(34):
            direction = np.array((side * rng.uniform(0.25, 1.0), rng.normal(0, 0.75), rng.normal(0, 0.055)))
            at = np.array((128 + side * 22.0, 124.0 + rng.normal(0, 9), rng.normal(-0.05, 0.26)))
            radius = rng.uniform(1.6, 3.2)
            for _ in range(rng.integers(10, 22)):
                step = direction * (3.4, 3.4, 1.0) + rng.normal(0, (0.9, 0.9, 0.02))
                paths.append(np.array((*at, *(at + step), radius)))
                at = at + step
                radius *= 0.935
    return paths


def _vessel(hu: np.ndarray, path: np.ndarray, z: float, both: tuple[Points, Points]) -> None:
    x0, y0, z0, x1, y1, z1, radius = path
    near = min(abs(z - z0), abs(z - z1))
    thick = 0.05
    if near > thick + 0.02 * radius:
        return
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    lung = both[0] if middle[0] < 128 else both[1]
    if cv2.pointPolygonTest(lung.astype(np.float32), middle, True) < 3:
        return
    share = 1 - 0.45 * near / (thick + 0.02 * radius)
    ink.stroke(hu, np.array(((x0, y0), (x1, y1))), max(1.1, 1.7 * radius), _tone(30), float(share))


def write(folder: Path) -> None:
    """Enhanced CT, JPEG-LS without loss, with the two usual windows."""
    import imagecodecs
    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    def item(**values: object) -> Dataset:
        made = Dataset()
        for name, value in values.items():
            setattr(made, name, value)
        return made

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.2.1")
    meta.MediaStorageSOPInstanceUID = UID("1.2.826.0.1.3680043.8.498.42.1")
    meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.80")
    meta.ImplementationClassUID = UID("1.2.826.0.1.3680043.8.498.1")
    ds = FileDataset(str(folder / NAME), {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.42.2", "1.2.826.0.1.3680043.8.498.42.3"
    ds.FrameOfReferenceUID = "1.2.826.0.1.3680043.8.498.42.4"
    ds.ImageType = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]
    ds.Modality, ds.Manufacturer, ds.ManufacturerModelName = "CT", "Example", "Painted phantom"
    ds.PatientName, ds.PatientID, ds.PatientSex, ds.PatientBirthDate = "Phantom^Painted", "PHANTOM-42", "O", ""
    ds.StudyDate, ds.StudyTime, ds.ContentDate, ds.ContentTime = "20261110", "081500", "20261110", "081500"
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber, ds.AccessionNumber = "42", 1, 1, ""
    ds.ReferringPhysicianName, ds.SeriesDescription = "", "Thorax phantom"
    ds.Rows = ds.Columns = SIZE
    ds.NumberOfFrames, ds.SamplesPerPixel, ds.PhotometricInterpretation = SLICES, 1, "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 0
    ds.SharedFunctionalGroupsSequence = [
        item(
            PixelMeasuresSequence=[item(PixelSpacing=[STEP, STEP], SliceThickness=THICKNESS)],
            PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
            PixelValueTransformationSequence=[item(RescaleSlope=1, RescaleIntercept=-1024, RescaleType="HU")],
            FrameVOILUTSequence=[
                item(
                    WindowCenter=[-450, 40],
                    WindowWidth=[1200, 400],
                    WindowCenterWidthExplanation=["LUNG", "MEDIASTINUM"],
                )
            ],
        )
    ]
    ds.PerFrameFunctionalGroupsSequence = [
        item(
            FrameContentSequence=[item(StackID="1", InStackPositionNumber=k + 1)],
            PlanePositionSequence=[item(ImagePositionPatient=[-128 * STEP, -132 * STEP, k * THICKNESS])],
        )
        for k in range(SLICES)
    ]
    stored = (volume().astype(np.int32) + 1024).astype(np.uint16)
    ds.PixelData = encapsulate([imagecodecs.jpegls_encode(frame) for frame in stored])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.save_as(folder / NAME, enforce_file_format=True)


# ---- labels -----------------------------------------------------------------------------------------------


def task() -> Task:
    """The scan's way through the workflow."""
    made = Task(
        name="thorax",
        asset={
            "asset": f"media/{NAME}",
            "externalId": "thorax/CT_0042.dcm",
            "metadata": {"width": SIZE, "height": SIZE, "frameTotal": SLICES},
            "batches": ["radiology-pilot"],
        },
        begins=datetime(2026, 11, 11, 7, 58, 20, 40_000),
        visits=(
            Visit("lucia", 26.5),
            Visit("jana", 9.7, "Rejected"),
            Visit("lucia", 11.3),
            Visit("jana", 4.1, "Accepted"),
        ),
        pauses=(2.2, 25.0, 1.4, 3.0),
    )
    for k in range(4, 20, 3):
        made.labels += _slice_labels(k)
    for k in range(SLICES):
        spot = nodule(k)
        if spot is not None:
            made.labels.append(_nodule_label(k, spot))
    made.relations = [
        Relation(
            "same finding", "nodule-all", group=tuple(f"nodule-{k}" for k in range(SLICES) if nodule(k)), born=LABEL_2
        ),
        Relation("same finding", "nodule-lung", "nodule-13", "lung-13", page=13, direction="straight", born=REVIEW_1),
    ]
    made.answers = [
        (LABEL_1, Answer("Body part", "Chest")),
        (LABEL_1, Answer("Slices needed", ["Axial", "Coronal"])),
        (REVIEW_2, Answer("Slices needed", ["Axial", "Coronal", "Sagittal"])),
    ]
    return made


def _slice_labels(k: int) -> list[Label]:
    right, left = lungs(k)
    spot = nodule(k)
    holes = [ink.ellipse(*spot, count=18)] if spot else []
    whole: Json = {"segmentation": {"zones": [{"region": right, "holes": holes}, {"region": left, "holes": []}]}}
    rough: Json = {
        "segmentation": {"zones": [{"region": _shrunk(right, 1.05), "holes": []}, {"region": left, "holes": []}]}
    }
    lung = Label("Lung", f"lung-{k}", whole, (Answer("Side", "Both"),), page=k)
    if spot or k == 7:
        lung.was(LABEL_2, shape=rough)
    labels = [lung]
    ring = heart(k)
    if ring is not None:
        label = Label("Heart", f"heart-{k}", {"polygon": ring}, page=k)
        if k == 10:
            label.was(REVIEW_2, shape=scaled(moved({"polygon": ring}, 2.5, -1.5), 1.06))
        labels.append(label)
    x, y, r = aorta(k)
    ring_of_aorta: Json = {"polygon": ink.ellipse(x, y, r, count=28)}
    label = Label("Aorta", f"aorta-{k}", ring_of_aorta, page=k)
    if k == 7:
        label.was(LABEL_2, shape=moved(ring_of_aorta, 4, 3))
    if k == 16:
        label.born = LABEL_2
    labels.append(label)
    label = Label("Vertebra", f"vertebra-{k}", {"polygon": vertebra(k)}, page=k)
    if k == 19:
        label.born = LABEL_2
    labels.append(label)
    if k in (10, 13):
        labels.append(Label("Spine curve", f"spine-{k}", {"polyline": spine_front(k)}, page=k))
    if k == 4:
        labels.append(
            Label("Nodule", "vessel", bounding(178, 118, 190, 130), (Answer("Margin", "Smooth"),), page=k, gone=LABEL_2)
        )
    return labels


def _nodule_label(k: int, spot: tuple[float, float, float]) -> Label:
    x, y, r = spot
    shape = bounding(x - r, y - r, x + r, y + r)
    spiky = (Answer("Margin", "Spiculated", (Answer("Follow-up", ["CT in 3 months", "PET"]),)),)
    label = Label("Nodule", f"nodule-{k}", shape, spiky, page=k)
    if k == round(NODULE[2]):
        label.was(LABEL_2, answers=(Answer("Margin", "Smooth"),), shape=scaled(shape, 1.35, 1.2))
        label.was(REVIEW_2, answers=(Answer("Margin", "Spiculated", (Answer("Follow-up", ["CT in 3 months"]),)),))
    elif abs(k - NODULE[2]) > 1.5:
        label.born = LABEL_2
    else:
        label.was(REVIEW_2, shape=moved(shape, 1.5, 1.0))
    return label
