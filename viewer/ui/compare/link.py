"""Panes that move together although they do not show the same place: the offset between them stays. No Qt."""

from __future__ import annotations

from viewer.ui.canvas.view import Place, View, Viewport


class Link:
    """Two views with the offset that they had when they were linked: so many page pixels, so many times the scale."""

    def __init__(self, first: View, second: View) -> None:
        self._views = (first, second)
        self._ratio = second.scale / first.scale
        self._offset = (second.centre[0] - first.centre[0], second.centre[1] - first.centre[1])
        self._is_moving = False
        first.listen(self._first_moved)
        second.listen(self._second_moved)

    def end(self) -> None:
        """Each moves alone again."""
        self._views[0].unlisten(self._first_moved)
        self._views[1].unlisten(self._second_moved)

    def _first_moved(self) -> None:
        self._follow(*self._views, self._ratio, 1.0)

    def _second_moved(self) -> None:
        self._follow(self._views[1], self._views[0], 1.0 / self._ratio, -1.0)

    def _follow(self, leader: View, follower: View, ratio: float, sign: float) -> None:
        if self._is_moving:
            return
        self._is_moving = True
        try:
            x, y = leader.centre
            dx, dy = self._offset
            place = Place(leader.scale * ratio, (x + sign * dx, y + sign * dy))
            follower.set_place(place, Viewport(1.0, 1.0))  # nothing is fitted: the viewport does not matter
        finally:
            self._is_moving = False


def copied(view: View) -> View:
    """Another view of the same place, which moves alone."""
    made = View(view.page_size)
    made.reach = view.reach
    made.set_place(view.place._replace(fitting=""), Viewport(1.0, 1.0))
    return made
