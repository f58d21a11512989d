"""Where the regions of the window stand, which of them are shown, and what is remembered of that."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from viewer.ui import theme
from viewer.ui.header import Header
from viewer.ui.widgets.layout import column

NARROW, LOW, WIDE = 1440, 820, 2200
"""Below this width the list is a rail and the inspector slimmer; below this height the timeline is compact.

From this width on the inspector has two columns.
"""
LIST_WIDTH, INSPECTOR_WIDTH, SLIM_INSPECTOR, WIDE_INSPECTOR = 288, 328, 300, 641


class _Handle(QSplitterHandle):
    """A line of one pixel; Qt widens the zone to grab it beyond what is seen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.contentsRect(), QColor(theme.current().divider))
        painter.end()


class _Splitter(QSplitter):
    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class Regions(QWidget):
    """Header, asset list | canvas column | inspector, timeline below the last two, status row."""

    def __init__(
        self,
        *,
        header: Header,
        assets: QWidget,
        canvas_column: tuple[QWidget, ...],
        canvas: QWidget,
        inspector: QWidget,
        timeline: QWidget,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._header, self._assets, self._inspector, self._timeline = header, assets, inspector, timeline
        middle = QWidget(self)
        stack = QVBoxLayout(middle)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        for widget in canvas_column:
            stack.addWidget(widget, 1 if widget is canvas else 0)
        middle.setMinimumSize(420, 260)
        middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._upper = _Splitter(Qt.Orientation.Horizontal, self)
        self._upper.addWidget(middle)
        self._upper.addWidget(inspector)
        self._upper.setStretchFactor(0, 1)
        self._upper.setStretchFactor(1, 0)
        right = QWidget(self)
        right.setLayout(column(self._upper, timeline))
        self._right = right
        self._table: QWidget | None = None
        self._form_before = ""
        """Of the asset list, while a table has its room."""
        self._outer = _Splitter(Qt.Orientation.Horizontal, self)
        self._outer.addWidget(assets)
        self._outer.addWidget(right)
        self._outer.setStretchFactor(0, 0)
        self._outer.setStretchFactor(1, 1)
        for splitter in (self._upper, self._outer):
            splitter.setHandleWidth(1)
            splitter.splitterMoved.connect(self._dragged)
            splitter.setChildrenCollapsible(False)
        inspector.setMinimumWidth(280)
        self.setLayout(column(header, self._outer))
        self.form = "list"
        """Of the asset list: ``list``, ``rail`` or ``hidden``."""
        self.inspector_shown = True
        self.timeline_shown = True
        self._chosen: set[str] = set()
        self._canvas_only = False
        self._start: QWidget | None = None
        self._outer.setSizes([LIST_WIDTH, 1300])
        self._upper.setSizes([980, INSPECTOR_WIDTH])

    # ---- which are shown ---------------------------------------------------------------------------------

    def set_start(self, start: QWidget) -> None:
        """What stands in place of everything but the header while nothing is open."""
        self._start = start
        layout = self.layout()
        assert layout is not None
        layout.addWidget(start)
        start.hide()

    @property
    def start_shown(self) -> bool:
        """Whether the start page is there."""
        return self._start is not None and not self._start.isHidden()

    def show_start(self, on: bool) -> None:
        """The start page, or the regions."""
        if self._start is not None:
            self._start.setVisible(on)
        self._outer.setVisible(not on)

    @property
    def table_shown(self) -> bool:
        """Whether a table stands in place of the page and the inspector."""
        return self._table is not None and not self._table.isHidden()

    def show_table(self, table: QWidget | None) -> None:
        """A table in place of the page and the inspector, beside the rail of pictures; None: they are back."""
        layout = self._right.layout()
        assert isinstance(layout, QVBoxLayout)
        if table is not None and table.parent() is not self._right:
            layout.insertWidget(0, table, 1)
        if table is not None and not self.table_shown and self.form == "list" and hasattr(self._assets, "set_form"):
            self.set_form("rail")
            self._form_before = "list"
        elif table is None and self._form_before:
            self.set_form(self._form_before)
        if self._table is not None:
            self._table.hide()
        self._table = table
        self._upper.setVisible(table is None)
        if table is not None:
            table.show()

    def cycle_list(self) -> None:
        """List, then (where the list has one) the rail of pictures, then hidden."""
        forms = ("list", "rail", "hidden") if hasattr(self._assets, "set_form") else ("list", "hidden")
        self.set_form(forms[(forms.index(self.form) + 1) % len(forms)] if self.form in forms else "list")
        self._chosen.add("list")

    def set_form(self, form: str) -> None:
        """The form of the asset list."""
        self.form, self._form_before = form, ""
        set_form = getattr(self._assets, "set_form", None)
        if set_form is not None and form != "hidden":
            set_form(form)
            self._give_list(self._assets.maximumWidth() if form == "rail" else LIST_WIDTH)
        self._show()

    def _give_list(self, width: int) -> None:
        """A splitter keeps the place of a widget that became slimmer; here the page gets it."""
        total = sum(self._outer.sizes())
        self._outer.setSizes([width, max(1, total - width)])

    def toggle_inspector(self) -> None:
        """The inspector, or more room for the page."""
        self.inspector_shown = not self.inspector_shown
        self._chosen.add("inspector")
        self._show()

    def toggle_timeline(self) -> None:
        """The stage history, or more room for the page."""
        self.timeline_shown = not self.timeline_shown
        self._chosen.add("timeline")
        self._show()

    def set_canvas_only(self, on: bool) -> None:
        """Nothing but the page (full screen)."""
        self._canvas_only = on
        self._show()

    def _show(self) -> None:
        around = not self._canvas_only
        self._header.setVisible(around)
        self._assets.setVisible(around and self.form != "hidden")
        self._inspector.setVisible(around and self.inspector_shown)
        self._timeline.setVisible(around and self.timeline_shown)

    def _dragged(self, _at: int, _handle: int) -> None:
        self._chosen.add("widths")

    def fit_to(self, width: int, height: int) -> None:
        """What suits this size of window, where the user has not chosen otherwise."""
        whole = sum(self._upper.sizes())
        slim = SLIM_INSPECTOR if width < NARROW else WIDE_INSPECTOR if width >= WIDE else INSPECTOR_WIDTH
        set_wide = getattr(self._inspector, "set_wide", None)
        if set_wide is not None:
            set_wide(width >= WIDE)
        if "widths" not in self._chosen:
            # behind the start page the regions have no size yet; what is told then holds when they come
            self._upper.setSizes([whole - slim if whole > slim else max(420, width - LIST_WIDTH - slim), slim])
        self._header.fit_to(narrow=width < NARROW)
        if "list" not in self._chosen and hasattr(self._assets, "set_form"):
            wanted = "rail" if width < NARROW or self.table_shown else "list"
            if wanted != self.form and self.form != "hidden":
                self.set_form(wanted)
        for region in (self._timeline, self._inspector):
            set_compact = getattr(region, "set_compact", None)
            if set_compact is not None:
                set_compact(height < LOW)

    # ---- remembered --------------------------------------------------------------------------------------

    def save(self, settings: QSettings) -> None:
        """Sizes and forms."""
        settings.setValue("regions/outer", self._outer.saveState())
        settings.setValue("regions/upper", self._upper.saveState())
        settings.setValue("regions/form", self._form_before or self.form)
        settings.setValue("regions/inspector", self.inspector_shown)
        settings.setValue("regions/timeline", self.timeline_shown)
        settings.setValue("regions/chosen", ",".join(sorted(self._chosen)))

    def restore(self, settings: QSettings) -> None:
        """As they were; whatever cannot be read stays as it is."""
        for name, splitter in (("outer", self._outer), ("upper", self._upper)):
            value = settings.value(f"regions/{name}")
            if isinstance(value, QByteArray):
                splitter.restoreState(value)
        self._chosen = {part for part in str(settings.value("regions/chosen", "")).split(",") if part}
        self.inspector_shown = settings.value("regions/inspector", True, type=bool) is not False
        self.timeline_shown = settings.value("regions/timeline", True, type=bool) is not False
        form = settings.value("regions/form", "list")
        self.set_form(form if form in ("list", "rail", "hidden") and "list" in self._chosen else "list")
