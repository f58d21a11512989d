"""The best pairs of a graph, beside scipy's on the dense matrix."""

import random

import numpy as np
from scipy.optimize import linear_sum_assignment

from viewer.diff.assignment import best_pairs


def test_the_sum_is_the_largest_possible_on_2_000_graphs() -> None:
    for seed in range(2_000):
        dice = random.Random(seed)
        shape = dice.randint(1, 14), dice.randint(1, 14)
        density = dice.random()
        weights = np.zeros(shape)
        for cell in np.ndindex(shape):
            if dice.random() < density:
                # half of them with many ties
                weights[cell] = dice.random() if seed % 2 else dice.randint(1, 4) / 4
        pairs = best_pairs((int(i), int(j), float(weights[i, j])) for i, j in zip(*weights.nonzero()))
        rows, columns = linear_sum_assignment(weights, maximize=True)
        assert abs(sum(weights[pair] for pair in pairs) - weights[rows, columns].sum()) < 1e-9, seed
        assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
        assert all(weights[pair] > 0 for pair in pairs)


def test_a_crowd_in_which_everything_touches_is_solved_exactly() -> None:
    random_numbers = np.random.default_rng(5)
    weights = random_numbers.random((150, 160))
    pairs = best_pairs((i, j, float(weights[i, j])) for i, j in np.ndindex(weights.shape))
    rows, columns = linear_sum_assignment(weights, maximize=True)
    assert sum(weights[pair] for pair in pairs) == np.float64(0) + sum(weights[rows, columns]) or np.isclose(
        sum(weights[pair] for pair in pairs), weights[rows, columns].sum(), rtol=1e-12
    )


def test_nothing_to_pair_and_no_weight_to_pair_by() -> None:
    assert best_pairs([]) == []
    assert best_pairs([(0, 0, 0.0), (1, 1, -1.0)]) == []
    assert best_pairs([(7, 3, 0.2), (7, 3, 0.1)]) == [(7, 3)]


def test_staying_alone_may_be_best() -> None:
    # one heavy pair is worth more than two light ones
    assert best_pairs([(0, 0, 0.9), (0, 1, 0.1), (1, 0, 0.4)]) == [(0, 0)]
    assert best_pairs([(0, 0, 0.5), (0, 1, 0.4), (1, 0, 0.4)]) == [(0, 1), (1, 0)]
