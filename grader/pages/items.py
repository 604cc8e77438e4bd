"""How hard each check was, and how well it tells strong submissions from weak ones: classical item analysis.

Both figures come from sums, so a class of any size needs one pass and no memory.
"""

import math
from dataclasses import dataclass

MOST_USEFUL = 0.3
"""From here on a check tells strong from weak well."""
FEWEST = 10
"""Submissions below which a correlation would be chance."""


@dataclass
class Item:
    """Sums over one check: passed or not (x, 0 or 1) beside the points of all other checks (r)."""

    n: int = 0
    passed: int = 0
    _rest: float = 0.0
    _rest_squared: float = 0.0
    _rest_of_passed: float = 0.0

    def add(self, passed: bool, rest: float) -> None:
        """Count one submission.

        Args:
            passed: did it pass this check?
            rest: its points for everything but this check.
        """
        self.n += 1
        self.passed += passed
        self._rest += rest
        self._rest_squared += rest * rest
        self._rest_of_passed += rest * passed

    @property
    def share(self) -> float:
        """The share that passed, 0 to 1: the item's difficulty, which is high for an easy item.

        Source: L. Crocker, J. Algina, Introduction to Classical and Modern Test Theory, 1986, chapter 14.
        """
        return self.passed / self.n if self.n else 0.0

    @property
    def discrimination(self) -> float | None:
        """Correlation of passing with the points for all other checks, -1 to 1; None where it says nothing.

        r = (mean of r among those who passed - mean of r) / sd(r) * sqrt(p / (1 - p)), with p the share that passed.
        It is None for fewer than FEWEST submissions, and where everybody or nobody passed or all others are equal.

        Source: the corrected point-biserial correlation: S. Henrysson, Correction of item-total correlations in item
        analysis, Psychometrika 28 (1963), 211-218; the item's own points are left out of the total, because a check
        would else correlate with itself.
        """
        if self.n < FEWEST or self.passed in (0, self.n):
            return None
        mean = self._rest / self.n
        variance = self._rest_squared / self.n - mean * mean
        if variance <= 1e-9 * max(1.0, mean * mean):
            return None
        above = self._rest_of_passed / self.passed - mean
        return above / math.sqrt(variance) * math.sqrt(self.share / (1 - self.share))
