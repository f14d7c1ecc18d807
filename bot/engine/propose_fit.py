"""Multinomial logistic regression over sparse rows, learned one example at a time, and learned on from there.

The dual form: the weights are the sum of every example's row times its own multipliers, and at the one
optimum an example's multipliers are ``SLACK · (what it is − what the weights say it is)``. So an example
can be taken out again exactly, and a reload visits only what changed. Each visit is one guarded Newton
step on one example's multipliers, for all classes at once; five or six rounds settle ten thousand
examples in a second or two with numpy alone (LinearSVC's coordinate descent, for softmax).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Floats: TypeAlias = "npt.NDArray[np.float32]"
Numbers: TypeAlias = "npt.NDArray[np.int32]"
Row: TypeAlias = "tuple[Numbers, Floats]"

SLACK = 10.0
"""How much fitting an example is worth against small weights; 10 to 30 serve small and large sets alike."""
ROUNDS = 8
LONGEST_STEP = 2.0
"""Softmax is no parabola: a longer Newton step overshoots where an example is first seen."""
SETTLED = 0.05
"""An example whose multipliers are this near the optimum is not visited again (0.5 % of its score)."""


@dataclass(frozen=True)
class Rows:
    """Sparse rows end to end: row *i* has the features ``at[starts[i]:starts[i + 1]]`` with their ``values``."""

    at: Numbers
    values: Floats
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, i: int) -> Row:
        here = slice(self.starts[i], self.starts[i + 1])
        return self.at[here], self.values[here]

    def __add__(self, more: Rows) -> Rows:
        starts = np.concatenate([self.starts, more.starts[1:] + self.starts[-1]])
        return Rows(np.concatenate([self.at, more.at]), np.concatenate([self.values, more.values]), starts)


def stacked(rows: Sequence[Row]) -> Rows:
    """``rows`` end to end."""
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(at) for at, _ in rows], out=starts[1:])
    nothing = np.zeros(0, dtype=np.int32)
    at = np.concatenate([nothing, *(at for at, _ in rows)])
    return Rows(at, np.concatenate([nothing.astype(np.float32), *(values for _, values in rows)]), starts)


def settle(
    rows: Rows, classes: Mapping[int, int] | Sequence[int], weights: Floats, multipliers: Floats, work: Sequence[int]
) -> None:
    """Bring ``weights`` (feature × class) and ``multipliers`` (example × class), in place, to the optimum of the rows in ``work``."""
    order = np.random.default_rng(0)
    left = np.array(work, dtype=np.int64)
    for _ in range(ROUNDS):
        left = order.permutation(left)
        steps = [_visit(rows[i], classes[i], weights, multipliers[i]) for i in left.tolist()]
        left = left[np.array(steps, dtype=np.float32) > SETTLED]


def _visit(row: Row, actual: int, weights: Floats, multipliers: Floats) -> float:
    """One Newton step for one example; returns how long it would have been unguarded."""
    at, values = row
    mine = weights[at]
    says = shares(values @ mine)
    step = -says
    step[actual] += 1
    step *= SLACK
    step -= multipliers
    says *= 1 - says
    says *= 2 * SLACK * float(values @ values)
    says += 1
    step /= says
    length = float(np.abs(step).max())
    if length > SETTLED:
        if length > LONGEST_STEP:
            step *= LONGEST_STEP / length
        multipliers += step
        weights[at] = mine + values[:, None] * step
    return length


def forget(row: Row, weights: Floats, multipliers: Floats) -> None:
    """Take an example's part out of ``weights``, in place."""
    at, values = row
    weights[at] -= values[:, None] * multipliers


def shares(scores: Floats) -> Floats:
    """Softmax: scores of classes → shares of one."""
    raised: Floats = np.exp(scores - scores.max())
    raised /= raised.sum()
    return raised
