"""The best one-to-one assignment of a sparse graph: the largest sum of weights, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

Edge = tuple[int, int, float]
"""(row, column, weight), the weight above 0."""


def best_pairs(edges: Iterable[Edge]) -> list[tuple[int, int]]:
    """Pairs (row, column), each used at most once, whose weights have the largest possible sum.

    Shortest augmenting paths with potentials (Jonker and Volgenant 1987) on the graph as it is, without a dense
    matrix: a row may also stay alone, at weight 0. A group of rows and columns that no edge joins to others is
    solved by itself, because a path never leaves it. Of several best assignments always the same is found.
    """
    graph: dict[int, dict[int, float]] = {}
    for row, column, weight in edges:
        if weight > 0:
            of_row = graph.setdefault(row, {})
            of_row[column] = max(weight, of_row.get(column, 0.0))
    return _Assignment(graph).solve()


class _Assignment:
    """Costs are negative weights. `price` is a column's potential, never positive; a row's follows from it."""

    def __init__(self, graph: Mapping[int, Mapping[int, float]]) -> None:
        self.graph = graph
        self.column_of: dict[int, int] = {}
        self.row_of: dict[int, int] = {}
        self.price: dict[int, float] = {}

    def solve(self) -> list[tuple[int, int]]:
        for row in sorted(self.graph):
            self._place(row)
        return sorted(self.column_of.items())

    def _place(self, start: int) -> None:
        """Give `start` a column along the cheapest path, or leave the row alone that loses least by it."""
        heap: list[tuple[float, int, int]] = []
        reached: dict[int, float] = {}
        done: set[int] = set()
        came_from: dict[int, int] = {}
        row, so_far = start, 0.0
        # staying alone costs 0: the path may end at any row on it
        best_alone, alone_row = 0.0, start
        while True:
            for column, weight in self.graph[row].items():
                if column in done:
                    continue
                cost = so_far - weight - self.price.get(column, 0.0)
                if cost < reached.get(column, best_alone):
                    reached[column] = cost
                    came_from[column] = row
                    heappush(heap, (cost, column, row))
            while heap and heap[0][1] in done:
                heappop(heap)
            if not heap or heap[0][0] >= best_alone:
                self._raise_prices(done, reached, best_alone)
                self._leave_alone(alone_row, start, came_from)
                return
            cost, column, _ = heappop(heap)
            done.add(column)
            taken_by = self.row_of.get(column)
            if taken_by is None:
                self._raise_prices(done, reached, cost)
                self._take(column, start, came_from)
                return
            row = taken_by
            # the way back along the pair has the reduced cost 0
            so_far = cost + self.graph[row][column] + self.price.get(column, 0.0)
            if so_far < best_alone:
                best_alone, alone_row = so_far, row

    def _raise_prices(self, done: set[int], reached: Mapping[int, float], end: float) -> None:
        for column in done:
            self.price[column] = self.price.get(column, 0.0) + reached[column] - end

    def _take(self, column: int, start: int, came_from: Mapping[int, int]) -> None:
        while True:
            row = came_from[column]
            before = self.column_of.get(row)
            self.column_of[row], self.row_of[column] = column, row
            if row == start or before is None:
                return
            column = before

    def _leave_alone(self, row: int, start: int, came_from: Mapping[int, int]) -> None:
        if row == start:
            return
        column = self.column_of.pop(row)
        self._take(column, start, came_from)
