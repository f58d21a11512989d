"""How labels came to be: each label knows its final form and what it was before, and stages are cut from that."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from project import PEOPLE, QUESTIONS, REVIEW_ID, class_id, hex_id, question_id, relation_id

Json = dict[str, Any]

START, LABEL_1, REVIEW_1, LABEL_2, REVIEW_2 = range(5)
"""Moments: a snapshot shows the task as it left that stage."""

STAGE_IDS = ("Start", "Label", REVIEW_ID, "Label", REVIEW_ID)
STAGE_NAMES = ("Start", "Label", "Review", "Label", "Review")


def rounded(value: Any, digits: int = 2) -> Any:
    """Numbers as an editor stores them: two decimals are a fiftieth of what the eye sees."""
    if isinstance(value, float | np.floating):
        return round(float(value), digits) + 0.0
    if isinstance(value, np.ndarray):
        return [rounded(v, digits) for v in value.tolist()]
    if isinstance(value, dict):
        return {k: rounded(v, digits) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v, digits) for v in value]
    return value


@dataclass
class Answer:
    """A question and its answer; `nested` hang on the answer."""

    question: str
    answer: Any
    nested: tuple[Answer, ...] = ()
    page: int | None = None
    stopped: bool = False
    name: str = ""
    """Answers of one name are one object."""


@dataclass
class Label:
    """One entry of ``tools``: `shape` is its geometry member. `earlier` maps "until this stage" to what differs."""

    title: str
    name: str
    shape: Json
    answers: tuple[Answer, ...] = ()
    page: int | None = None
    born: int = LABEL_1
    gone: int | None = None
    stopped: bool = False
    extra: Json = field(default_factory=dict)
    earlier: dict[int, Json] = field(default_factory=dict)

    def was(self, until: int, **what: Any) -> Label:
        """Until `until` it had another shape, title or other answers."""
        self.earlier[until] = what
        return self

    def at(self, stage: int) -> Json | None:
        """Its members in a snapshot; None when it is not there."""
        if stage < self.born or (self.gone is not None and stage >= self.gone):
            return None
        now = {"title": self.title, "shape": self.shape, "answers": self.answers}
        for until in sorted(self.earlier, reverse=True):
            if stage < until:
                now |= self.earlier[until]
        return now

    def changed_by(self, stage: int) -> int | None:
        """The last stage up to `stage` in which it was changed."""
        done = [until for until in self.earlier if until <= stage]
        return max(done) if done else None


@dataclass
class Relation:
    """An arrow between two labels, or a group."""

    title: str
    name: str
    source: str = ""
    target: str = ""
    direction: str = "straight"
    group: tuple[str, ...] = ()
    page: int | None = None
    born: int = LABEL_1
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Visit:
    """Who did a stage and how long it took."""

    who: str
    minutes: float
    verdict: str = ""


@dataclass
class Task:
    """One asset with all its labels and the way it went."""

    name: str
    asset: Json
    begins: datetime
    visits: tuple[Visit, Visit, Visit, Visit]
    """Label, Review, Label, Review."""
    labels: list[Label] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    answers: list[tuple[int, Answer] | tuple[int, Answer, int]] = field(default_factory=list)
    """(the stage that gave it, answer[, the stage that took it away]); of one question and page the later counts."""
    pauses: tuple[float, float, float, float] = (0.4, 3.2, 14.5, 1.1)
    """Hours before each visit."""
    brush: str | None = None

    def times(self) -> list[datetime]:
        """When each stage was left."""
        now = self.begins
        done = [now]
        for pause, visit in zip(self.pauses, self.visits, strict=True):
            now = now + timedelta(hours=pause, minutes=visit.minutes)
            done.append(now)
        return done

    def object_id(self, name: str) -> str:
        """The id of a label or relation."""
        return hex_id(self.name, "object", name)

    def _who(self, stage: int) -> str:
        return PEOPLE[self.visits[stage - 1].who]

    def _stamp(self, name: str, born: int, changed: int | None) -> Json:
        """Who made and changed a thing, at some moment of the visit that its name decides."""
        times = self.times()

        def moment(stage: int) -> str:
            share = int(hex_id(self.name, name, stage, length=6), 16) / 0xFFFFFF
            length = self.visits[stage - 1].minutes * 60
            return iso(times[stage] - timedelta(seconds=length * (0.04 + 0.92 * share)))

        stamp = {"createdAt": moment(born), "createdBy": self._who(born), "createdIn": STAGE_IDS[born]}
        if changed is not None:
            stamp |= {"updatedAt": moment(changed), "updatedBy": self._who(changed), "updatedIn": STAGE_IDS[changed]}
        return stamp

    def _answer(self, answer: Answer, owner: str, path: str, stage: int) -> Json:
        name = answer.name or f"{path}/{answer.question}"
        entry: Json = {
            "objectId": self.object_id(name),
            "schemaId": question_id(answer.question, owner),
            "tool": QUESTIONS[answer.question][0],
            "title": answer.question,
            "answer": answer.answer,
            "classifications": [self._answer(n, answer.question, name, stage) for n in answer.nested],
            "metadata": self._stamp(name, stage, None),
        }
        if answer.page is not None:
            entry["page"] = answer.page
        if answer.stopped:
            entry["interpolationStopped"] = True
            del entry["answer"]
        return entry

    def _tool(self, label: Label, stage: int) -> Json | None:
        now = label.at(stage)
        if now is None:
            return None
        entry = dict(rounded(now["shape"]))
        entry |= {
            "objectId": self.object_id(label.name),
            "schemaId": class_id(now["title"]),
            "title": now["title"],
            "classifications": [self._answer(a, now["title"], label.name, label.born) for a in now["answers"]],
            "metadata": self._stamp(label.name, label.born, label.changed_by(stage)),
        }
        if label.page is not None:
            entry["page"] = label.page
        if label.stopped:
            entry["interpolationStopped"] = True
        return entry | label.extra

    def _relation(self, relation: Relation) -> Json:
        entry: Json = {
            "objectId": self.object_id(relation.name),
            "schemaId": relation_id(relation.title),
            "title": relation.title,
        }
        if relation.group:
            entry["group"] = [self.object_id(name) for name in relation.group]
        else:
            entry |= {
                "from": self.object_id(relation.source),
                "to": self.object_id(relation.target),
                "direction": relation.direction,
            }
        if relation.page is not None:
            entry["page"] = relation.page
        entry["classifications"] = [
            self._answer(a, relation.title, relation.name, relation.born) for a in relation.answers
        ]
        entry["metadata"] = self._stamp(relation.name, relation.born, None)
        return entry

    def content(self, stage: int) -> Json:
        """``tools``, ``classifications`` and ``relations`` as the task left a stage."""
        given: dict[tuple[str, int | None], Json] = {}
        for when, answer, *until in self.answers:
            if when <= stage and not (until and stage >= until[0]):
                given[answer.question, answer.page] = self._answer(answer, "", "asset", when)
        return {
            "tools": [entry for label in self.labels if (entry := self._tool(label, stage)) is not None],
            "classifications": list(given.values()),
            "relations": [self._relation(r) for r in self.relations if r.born <= stage],
            **({"brushDataUrl": self.brush} if self.brush and stage >= LABEL_1 else {}),
        }

    def json(self) -> Json:
        """The asset as exported."""
        times = self.times()
        history: list[Json] = [
            {"stage": "Start", "stageId": "Start", "duration": 0, "completedAt": iso(times[0]), **self.content(START)}
        ]
        for stage in range(LABEL_1, REVIEW_2 + 1):
            visit = self.visits[stage - 1]
            history.append(
                {
                    "stage": STAGE_NAMES[stage],
                    "stageId": STAGE_IDS[stage],
                    "duration": round(visit.minutes * 60_000),
                    "completedAt": iso(times[stage]),
                    "completedBy": self._who(stage),
                    **({"reviewStatus": visit.verdict} if visit.verdict else {}),
                    **self.content(stage),
                }
            )
        task = {
            "taskId": self.task_id,
            "stage": "Complete",
            "stageId": "Complete",
            "updatedAt": iso(times[-1] + timedelta(milliseconds=47)),
            "updatedBy": self._who(REVIEW_2),
            "totalDuration": sum(entry["duration"] for entry in history),
            "stageHistory": history,
            **self.content(REVIEW_2),
        }
        return {**self.asset, "task": task}

    @property
    def task_id(self) -> str:
        """The id of the task."""
        return hex_id(self.name, "task", length=24)


def iso(moment: datetime) -> str:
    """``2026-11-03T09:31:12.000Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


# ---- shapes -----------------------------------------------------------------------------------------------


def bounding(x0: float, y0: float, x1: float, y1: float) -> Json:
    """An upright box by its edges."""
    return {"bounding-box": {"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0}}


def rotated(cx: float, cy: float, length: float, width: float, heading: float) -> Json:
    """A turned box by its middle: x and y of the export are the corner that it turns about."""
    heading = (heading + 180.0) % 360.0 - 180.0
    c, s = math.cos(math.radians(heading)), math.sin(math.radians(heading))
    x = cx - c * length / 2 + s * width / 2
    y = cy - s * length / 2 - c * width / 2
    x, y, length, width, heading = (round(v, 2) for v in (x, y, length, width, heading))
    c, s = math.cos(math.radians(heading)), math.sin(math.radians(heading))
    corners = [[x + u * c - v * s, y + u * s + v * c] for u, v in ((0, 0), (0, width), (length, width), (length, 0))]
    return {
        "rotated-bounding-box": {
            "x": x, "y": y, "width": length, "height": width, "rotation": heading, "corners": corners,
        }
    }  # fmt: skip


def _mapped(value: Any, move: Any) -> Any:
    """Every point [x, y] inside a geometry moved by a function."""
    if isinstance(value, list | np.ndarray) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
        return list(move(*value))
    if isinstance(value, list | tuple | np.ndarray):
        return [_mapped(v if isinstance(v, list) else np.asarray(v).tolist(), move) for v in value]
    if isinstance(value, dict):
        return {k: _mapped(v, move) for k, v in value.items()}
    return value


def moved(shape: Json, dx: float, dy: float) -> Json:
    """A shape somewhere else."""
    result = json.loads(json.dumps(rounded(shape, 6)))
    key = next(iter(result))
    value = result[key]
    if isinstance(value, dict):
        for name, by in (("x", dx), ("y", dy)):
            if name in value:
                value[name] += by
    result[key] = _mapped(value, lambda x, y: (x + dx, y + dy))
    return result


def scaled(shape: Json, sx: float, sy: float | None = None) -> Json:
    """A box, circle or list of points larger or smaller about its middle."""
    sy = sx if sy is None else sy
    key = next(iter(shape))
    value = shape[key]
    if key == "rotated-bounding-box":
        corners = np.array(value["corners"])
        cx, cy = corners.mean(axis=0)
        return rotated(cx, cy, value["width"] * sx, value["height"] * sy, value["rotation"])
    if key == "bounding-box":
        cx, cy = value["x"] + value["width"] / 2, value["y"] + value["height"] / 2
        w, h = value["width"] * sx, value["height"] * sy
        return bounding(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)
    if key == "circle":
        return {key: {**value, "radius": value["radius"] * sx}}
    points = np.array(value, float)
    center = points.mean(axis=0)
    return {key: (center + (points - center) * (sx, sy)).tolist()}


def swung(shape: Json, degrees: float) -> Json:
    """A turned box with another angle about its middle."""
    value = shape["rotated-bounding-box"]
    cx, cy = np.array(value["corners"]).mean(axis=0)
    return rotated(cx, cy, value["width"], value["height"], value["rotation"] + degrees)
