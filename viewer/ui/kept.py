"""What the views of an export looked like is kept with it: zoom and place, search, filters and order of the list."""

from __future__ import annotations

from typing import get_args

import msgspec
from PySide6.QtCore import QObject

from viewer import remembered
from viewer.export import Export
from viewer.ui.assets import AssetPanel
from viewer.ui.assets.filters import Filter
from viewer.ui.assets.order import ORDERS
from viewer.ui.assets.table import FACETS
from viewer.ui.canvas import Canvas, PageContent
from viewer.ui.canvas.view import Fitting, Place
from viewer.ui.scene import Scene
from viewer.ui.session import Session


class Kept(QObject):
    """Puts the looks into the remembered place when an export is left, and takes them from it when it opens."""

    def __init__(self, session: Session, canvas: Canvas, assets: AssetPanel) -> None:
        super().__init__(canvas)
        self._session, self._canvas, self._assets = session, canvas, assets
        self._waiting: remembered.Place | None = None
        session.with_looks = self._with_looks
        session.export_opened.connect(self._export_opened)
        session.page_shown.connect(self._page_shown)

    def _with_looks(self, place: remembered.Place) -> remembered.Place:
        shown, record = self._canvas.place, self._assets.filter
        waiting = self._waiting
        view = (shown.scale, *shown.centre, shown.fitting) if self._canvas.content is not None else None
        return msgspec.structs.replace(
            place,
            # a page that never came is left as it was found
            view=waiting.view if waiting is not None and view is None else view,
            filter=remembered.Filter(
                text=record.text,
                chosen=record.chosen,
                order=record.order,
                descending=record.descending,
                on=record.on,
            ),
        )

    def _export_opened(self, export: Export) -> None:
        place = self._waiting = self._session.remembered.place(export.path)
        kept = place.filter if place is not None else None
        if kept is None:
            return
        known = {facet.key for facet in FACETS}
        self._assets.set_filter(
            Filter(
                text=kept.text,
                chosen=tuple(pair for pair in kept.chosen if pair[0] in known),
                order=kept.order if kept.order in {order.key for order in ORDERS} else "export",
                descending=kept.descending,
                on=kept.on,
            )
        )

    def _page_shown(self, scene: Scene, content: PageContent) -> None:
        """The first page of an export: where it was left, if it is the page that was left."""
        place, self._waiting = self._waiting, None
        if place is None or place.view is None or self._session.settings.settings.zoom != "keep":
            return
        at = self._session.state.place
        scale, x, y, fitting = place.view
        if (at.asset, scene.page) == (place.asset, place.page) and scale > 0 and fitting in get_args(Fitting):
            self._canvas.set_place(Place(scale, (x, y), fitting))  # type: ignore[arg-type]
