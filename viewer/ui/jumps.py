"""What the inspector, pins and the pointer on the canvas ask for, and where it leads."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QLabel

from viewer.errors import Problem
from viewer.export.issues import Issue
from viewer.ui.canvas import Canvas
from viewer.ui.canvas.pins import Pin
from viewer.ui.inspector import InspectorPanel
from viewer.ui.page_texts import corners_of, modality_text
from viewer.ui.scene import Scene
from viewer.ui.session import Session


class Jumps(QObject):
    """Joins the inspector to the canvas. `pixel` says what lies under the pointer."""

    def __init__(self, session: Session, canvas: Canvas, inspector: InspectorPanel, pixel: QLabel) -> None:
        super().__init__(canvas)
        self.session, self.canvas, self.inspector, self._pixel = session, canvas, inspector, pixel
        self._probed = (0, 0)
        inspector.object_chosen.connect(session.select)
        inspector.object_chosen.connect(lambda object_id: canvas.flash([object_id]))
        inspector.group_toggled.connect(session.toggle_hidden)
        inspector.group_soloed.connect(session.toggle_solo)
        inspector.zoom_wanted.connect(self._zoom_to)
        inspector.page_wanted.connect(session.go_to_page)
        inspector.canvas_wanted.connect(canvas.setFocus)
        inspector.problem_chosen.connect(self._problem_chosen)
        inspector.issue_chosen.connect(self._issue_chosen)
        canvas.pin_chosen.connect(self._pin_chosen)
        canvas.probed.connect(lambda _point, text: pixel.setText(text))
        canvas.probe_wanted.connect(self._probe)
        session.loader.window_known.connect(self.show_corners)

    def show_issues(self) -> None:
        """The issues of the task in the inspector."""
        task = self.session.task
        self.inspector.show_issues(self.session.issues.get(task.task_id or "", ()) if task is not None else ())

    def _zoom_to(self, object_id: str) -> None:
        """A label, or the labels that a relation joins."""
        relations = () if self.session.scene is None else self.session.scene.relations
        relation = next((r for r in relations if r.object_id == object_id), None)
        self.canvas.zoom_to_labels([object_id] if relation is None else relation.members)

    def _problem_chosen(self, problem: Problem) -> None:
        """To the label that it is about, else to its place in the raw JSON."""
        if not self.session.go_to_problem(problem) and problem.path:
            self.inspector.show_path(problem.path)

    def _page_issues(self, scene: Scene) -> list[Issue]:
        """The issues of the task that have a point on a page; those without a page are on the first one."""
        task = self.session.task
        found = self.session.issues.get(task.task_id or "", ()) if task is not None else ()
        return [i for i in found if len(i.position) == 2 and (i.page or 0) == scene.page]

    def show_pins(self) -> None:
        """The issues of the page at their places on it."""
        scene = self.session.scene
        if scene is not None:
            at = scene.space.page_from_label.map_point
            self.canvas.set_pins(
                [Pin(str(n), at(*i.position), i.content, i.is_open) for n, i in enumerate(self._page_issues(scene))]
            )

    def show_corners(self) -> None:
        """Words and letters around a slice."""
        scene, loader = self.session.scene, self.session.loader
        if scene is not None and self.canvas.kind == "dicom":
            window = self.session.state.look.window or loader.window
            self.canvas.set_corners(corners_of(scene, loader.facts, self.session.page_count, window))

    def _pin_chosen(self, number: str) -> None:
        scene = self.session.scene
        if scene is not None and int(number) < len(found := self._page_issues(scene)):
            self.inspector.show_tab("issues")
            self._issue_chosen(found[int(number)])

    def _issue_chosen(self, issue: Issue) -> None:
        """Where it was raised: its page, and its object or its point."""
        if issue.page is not None:
            self.session.go_to_page(issue.page)
        if issue.object_id is not None:
            self.session.select(issue.object_id)
        elif len(issue.position) == 2 and (scene := self.session.scene) is not None:
            self.canvas.view.move_to(scene.space.page_from_label.map_point(*issue.position))

    def _probe(self, point: QPointF) -> None:
        """What the pixel under the pointer means in the unit of the modality, when the worker says it."""
        value = self.canvas.value_at((point.x(), point.y()))
        if self.canvas.kind != "dicom" or value is None or len(value) != 1:
            return
        at = (int(point.x()), int(point.y()))
        info = self.session.loader.info_of(self.session.state.place.page)
        self._probed = at

        def came(stored: float | None) -> None:
            text = modality_text(stored, info) if self._probed == at and stored is not None else ""
            if text and self._pixel.text():
                self._pixel.setText(text)

        self.session.loader.want_sample(*at, came)
