"""Distributions of random numbers, and how surprising a sample of them is.

A random function has many right results, so that it is judged by what is almost impossible for a
right one. Every test here gives an upper bound of its p-value: the probability that numbers which
*do* come from the distribution look at least as odd. The bounds are theorems for every sample size
(Hoeffding, Bernstein, Chernoff, and Massart's form of Dvoretzky-Kiefer-Wolfowitz), not limits for
large samples: at probabilities of one in 10**12 an approximation that is only asymptotically right
can be off by orders of magnitude. All are given as natural logarithms.

The false-alarm rate of the course. A test fails a sample if its p-value's bound is below ``ALPHA``;
where it looks at m places at once, below ``ALPHA / m`` in each (Bonferroni). An exercise runs at
most ``TESTS_PER_EXERCISE`` tests, so that grading a right answer fails with a probability below
``FALSE_ALARM_RATE``.

References: Hoeffding, "Probability inequalities for sums of bounded random variables" (1963);
Massart, "The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality" (1990); Boucheron, Lugosi
and Massart, "Concentration Inequalities" (2013), sections 2.2 and 2.8.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

FALSE_ALARM_RATE = 1e-9
TESTS_PER_EXERCISE = 1000
ALPHA = FALSE_ALARM_RATE / TESTS_PER_EXERCISE

# The variance that a standard normal keeps when it is cut at two standard deviations, and its
# square root, 0.87962566…: what a truncated normal has to be divided by. See TruncatedNormal.
CUT = 2.0

Bound = np.ndarray  # logarithms of upper bounds of p-values


def signs_bound(total: np.ndarray, count: np.ndarray) -> Bound:
    """For the sum of ``count`` independent fair signs ±1 (Hoeffding's inequality)."""
    return math.log(2) - np.asarray(total, float) ** 2 / (2 * np.maximum(count, 1))


def distance_bound(distance: float, count: int) -> Bound:
    """For the largest distance between a sample's distribution function and the right one
    (Massart's inequality, which bounds the tail of Kolmogorov and Smirnov's test)."""
    return math.log(2) - 2 * count * np.asarray(distance, float) ** 2


def bernstein_bound(
    deviation: np.ndarray, count: np.ndarray, variance: float, largest: float
) -> Bound:
    """For a mean's deviation from its expectation, where single values have this variance and
    deviate by ``largest`` at most (Bernstein's inequality)."""
    deviation = np.abs(deviation)
    return math.log(2) - count * deviation**2 / (2 * (variance + largest * deviation / 3))


def chi_square_bound(ratio: np.ndarray, count: np.ndarray) -> Bound:
    """For the mean of ``count`` squares of independent standard normals (Chernoff's bound, from
    the chi-square distribution's moment generating function)."""
    ratio = np.asarray(ratio, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(np.isfinite(ratio) & (ratio > 0), ratio - 1 - np.log(ratio), np.inf)
    return math.log(2) - count / 2 * rate


def distribution_distance(probabilities: np.ndarray) -> float:
    """Kolmogorov's distance of a sample from a distribution, from the distribution function's
    values at the sample."""
    ordered = np.sort(probabilities, axis=None)
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max(np.max(steps[1:] - ordered), np.max(ordered - steps[:-1])))


def normal_cdf(x: np.ndarray) -> np.ndarray:
    """The standard normal's distribution function."""
    flat = np.ravel(x) / math.sqrt(2)
    values = np.fromiter(map(math.erf, flat.tolist()), float, len(flat))
    return (1 + values.reshape(np.shape(x))) / 2


@dataclass(frozen=True)
class Normal:
    """A normal distribution around 0 with this standard deviation."""

    std: float
    name = "normal"
    largest = math.inf  # no value is outside ±largest

    @property
    def median_size(self) -> float:
        """Half of all values are closer to 0 than this."""
        return 0.6744897501960817 * self.std

    def cdf(self, x: np.ndarray) -> np.ndarray:
        return normal_cdf(x / self.std)

    def mean_bound(self, mean: np.ndarray, count: np.ndarray) -> Bound:
        """For the mean of ``count`` values."""
        return math.log(2) - count * np.asarray(mean, float) ** 2 / (2 * self.std**2)

    def mean_square_bound(self, mean_square: np.ndarray, count: np.ndarray) -> Bound:
        """For the mean of the squares of ``count`` values."""
        return chi_square_bound(mean_square / self.std**2, count)


@dataclass(frozen=True)
class Uniform:
    """The uniform distribution on [-limit, limit)."""

    limit: float
    name = "uniform"

    @property
    def std(self) -> float:
        return self.limit / math.sqrt(3)

    @property
    def largest(self) -> float:
        return self.limit

    @property
    def median_size(self) -> float:
        return self.limit / 2

    def cdf(self, x: np.ndarray) -> np.ndarray:
        return np.clip((x / self.limit + 1) / 2, 0, 1)

    def mean_bound(self, mean: np.ndarray, count: np.ndarray) -> Bound:
        return bernstein_bound(mean, count, self.std**2, self.limit)

    def mean_square_bound(self, mean_square: np.ndarray, count: np.ndarray) -> Bound:
        # Squares of values on [-1, 1) have mean 1/3 and variance 1/5 - 1/9.
        deviation = np.asarray(mean_square) / self.limit**2 - 1 / 3
        return bernstein_bound(deviation, count, 4 / 45, 2 / 3)


@dataclass(frozen=True)
class TruncatedNormal:
    """A normal distribution cut at two of its standard deviations (what lies outside is drawn
    again), then rescaled so that the standard deviation is ``std``.

    With the density's value p at the cut c and the mass Z inside, the variance that is left is
    1 - 2·c·p / Z, by parts.
    """

    std: float
    name = "truncated normal"

    @property
    def mass(self) -> float:
        return math.erf(CUT / math.sqrt(2))

    @cached_property
    def standard_moments(self) -> tuple[float, float]:
        """Second and fourth moment of the standard normal, cut."""
        density = math.exp(-(CUT**2) / 2) / math.sqrt(2 * math.pi)
        second = 1 - 2 * CUT * density / self.mass
        return second, 3 * second - 2 * CUT**3 * density / self.mass

    @property
    def scale(self) -> float:
        """The standard deviation before the cut."""
        return self.std / math.sqrt(self.standard_moments[0])

    @property
    def largest(self) -> float:
        return CUT * self.scale

    @cached_property
    def median_size(self) -> float:
        low, high = 0.0, CUT
        while high - low > 1e-15:
            middle = (low + high) / 2
            inside = math.erf(middle / math.sqrt(2)) < self.mass / 2
            low, high = (middle, high) if inside else (low, middle)
        return self.scale * low

    def cdf(self, x: np.ndarray) -> np.ndarray:
        cut = np.clip(x / self.scale, -CUT, CUT)
        return (normal_cdf(cut) - (1 - self.mass) / 2) / self.mass

    def mean_bound(self, mean: np.ndarray, count: np.ndarray) -> Bound:
        return bernstein_bound(mean, count, self.std**2, self.largest)

    def mean_square_bound(self, mean_square: np.ndarray, count: np.ndarray) -> Bound:
        second, fourth = self.standard_moments
        deviation = np.asarray(mean_square) / self.scale**2 - second
        return bernstein_bound(deviation, count, fourth - second**2, CUT**2 - second)


Distribution = Normal | Uniform | TruncatedNormal


def allowed_std(distribution: Distribution, count: int) -> tuple[float, float]:
    """The smallest and largest standard deviation of ``count`` values that isn't a surprise."""
    ends = []
    for start in (0.0, 4.0):  # in units of the standard deviation: surely too small, too large
        off, fine = start, 1.0
        for _ in range(60):
            middle = (off + fine) / 2
            bound = distribution.mean_square_bound((middle * distribution.std) ** 2, count)
            off, fine = (middle, fine) if bound < math.log(ALPHA) else (off, middle)
        ends.append(fine * distribution.std)
    return ends[0], ends[1]
