"""The judge of random numbers: its bounds are bounds, it lets right samples pass, and no fakes."""

import copy
import math

import numpy as np
import pytest
from scipy import special, stats

from autograder.answers import load_answer
from autograder.student import distributions, draws
from autograder.student.distributions import (
    ALPHA,
    FALSE_ALARM_RATE,
    TESTS_PER_EXERCISE,
    Normal,
    TruncatedNormal,
    Uniform,
)
from autograder.student.exercise import Wrong, load_exercises
from autograder.student.exercises.initializers_numpy import orthogonal_fingerprint
from autograder.student.observe import observe

LARGE, SMALL, ARRAYS = (160, 200), (2, 1), 2000
CUT = stats.truncnorm(-2, 2)
DISTRIBUTIONS = {
    "normal": (Normal(0.3), stats.norm(scale=0.3)),
    "uniform": (Uniform(0.3), stats.uniform(-0.3, 0.6)),
    "truncated": (
        TruncatedNormal(0.3),
        stats.truncnorm(-2, 2, scale=0.3 / CUT.std()),
    ),
}
RANDOM_EXERCISES = [
    exercise.id
    for exercise in load_exercises().values()
    if exercise.fingerprint is not None and exercise.id.startswith("initializers/")
]


# ---- the bounds


def test_the_false_alarm_rate_is_below_one_in_a_billion():
    assert FALSE_ALARM_RATE <= 1e-9
    assert ALPHA * TESTS_PER_EXERCISE <= FALSE_ALARM_RATE


@pytest.mark.parametrize("count", [2, 30, 1000, 60_000])
@pytest.mark.parametrize("deviations", [0.5, 3, 7.5])
def test_bounds_are_above_exact_probabilities_and_not_far(count, deviations):
    """Against SciPy's exact tails. A bound may be a thousand times too careful, which at 7 standard
    deviations costs it a few percent of its sharpness, but never too bold."""
    sides = []
    total = min(round(deviations * math.sqrt(count)), count)
    total += (total - count) % 2  # a sum of signs has the parity of their number
    exact = 2 * stats.binom.sf((count + total) // 2 - 1, count, 0.5)
    sides.append((exact, distributions.signs_bound(total, count)))
    distance = 0.6 * deviations / math.sqrt(count)
    exact = stats.kstwo.sf(distance, count) if distance < 1 else 0.0
    sides.append((exact, distributions.distance_bound(distance, count)))
    for ratio in (1 + deviations * math.sqrt(2 / count), 1 - deviations * math.sqrt(2 / count)):
        if ratio > 0:
            tail = stats.chi2.sf if ratio > 1 else stats.chi2.cdf
            sides.append((tail(ratio * count, count), distributions.chi_square_bound(ratio, count)))
    mean = deviations * 0.3 / math.sqrt(count)
    sides.append((2 * stats.norm.sf(deviations), Normal(0.3).mean_bound(mean, count)))
    for exact, bound in sides:
        assert exact <= math.exp(min(bound, 0)) * (1 + 1e-9)
        if count >= 1000:
            # The chi-square bound is two-sided, and the exact tail one side of it.
            assert bound < math.log(exact) + math.log(1000)


@pytest.mark.parametrize("count", [100, 60_000])
@pytest.mark.parametrize("p", [0.05, 0.5])
def test_bernstein_is_above_exact_probabilities_and_not_far(p, count):
    """For means of coins, whose exact tail is the binomial's."""
    for deviations in (1, 3, 7):
        heads = math.ceil(count * p + deviations * math.sqrt(count * p * (1 - p)))
        bound = distributions.bernstein_bound(heads / count - p, count, p * (1 - p), 1 - p)
        tail = stats.binom.logsf(heads - 1, count, p)
        assert tail <= bound
        if count > 1000:
            assert bound < tail + math.log(1000)


@pytest.mark.parametrize("name", ["uniform", "truncated"])
def test_bounds_of_mean_squares_know_their_variance(name):
    ours, theirs = DISTRIBUTIONS[name]
    variance = theirs.moment(4) - theirs.moment(2) ** 2
    largest = max(theirs.moment(2), ours.largest**2 - theirs.moment(2))
    for deviation in (-0.001, 0.001):
        found = ours.mean_square_bound(theirs.moment(2) + deviation, 1000)
        expected = distributions.bernstein_bound(deviation, 1000, variance, largest)
        assert math.isclose(found, expected, rel_tol=1e-7)  # moments by quadrature


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_distributions_are_those_of_scipy(name):
    ours, theirs = DISTRIBUTIONS[name]
    x = np.linspace(-0.8, 0.8, 101)
    # math.erf and SciPy's cdf differ in the last bits.
    np.testing.assert_allclose(ours.cdf(x), theirs.cdf(x), atol=1e-14)
    assert math.isclose(ours.std, theirs.std(), rel_tol=1e-12)
    assert math.isclose(ours.largest, theirs.support()[1], rel_tol=1e-12)
    assert math.isclose(theirs.cdf(ours.median_size) - theirs.cdf(-ours.median_size), 0.5)


def test_moments_of_the_truncated_normal():
    # SciPy integrates the fourth moment by quadrature, to about ten digits.
    expected = (CUT.moment(2), CUT.moment(4))
    np.testing.assert_allclose(TruncatedNormal(1.0).standard_moments, expected, rtol=1e-9)
    assert math.isclose(TruncatedNormal(0.87962566103423978).scale, 1.0, rel_tol=1e-12)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_allowed_spread_is_where_the_test_begins_to_fail(name):
    ours, _ = DISTRIBUTIONS[name]
    low, high = distributions.allowed_std(ours, 96_000)
    assert ours.std * 0.97 < low < ours.std < high < ours.std * 1.03
    for std, surprising in ((low * 0.9999, True), (low * 1.0001, False), (high * 1.0001, True)):
        assert (ours.mean_square_bound(std**2, 96_000) < math.log(ALPHA)) is np.bool_(surprising)


# ---- right samples


def record_bounds(monkeypatch):
    """Let every test of the judge pass, and take down the logarithm of its p-value's bound."""
    found = []

    def record(bound, places=1):
        found.append(float(np.min(bound)) + math.log(places))
        return False

    monkeypatch.setattr(draws, "_surprising", record)
    return found


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_p_values_of_right_samples_are_calibrated(name, small, monkeypatch):
    """How often a bound comes out below α: at most α, as p-values must, up to four standard errors
    of this experiment. A test that were too bold by a constant factor would show at every α."""
    ours, theirs = DISTRIBUTIONS[name]
    bounds = record_bounds(monkeypatch)
    rng = np.random.default_rng(20_000 + small)
    shape, samples = ((50, *SMALL), 400) if small else ((3, 12, 10), 400)
    per_sample = None
    for _ in range(samples):
        draws.check_sample(theirs.rvs(size=shape, random_state=rng), [ours], small)
        per_sample = per_sample or len(bounds)
    assert len(bounds) == samples * per_sample
    by_test = np.array(bounds).reshape(samples, per_sample)
    for alpha in (0.3, 0.1, 0.03):
        rates = (by_test < math.log(alpha)).mean(axis=0)
        assert rates.max() <= alpha + 4 * math.sqrt(alpha / samples)
    # The tests are alive: some of them come below 0.3 now and then.
    assert (by_test < math.log(0.3)).any()


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_right_samples_pass(name):
    ours, theirs = DISTRIBUTIONS[name]

    def draw(shape):
        return lambda rng: theirs.rvs(size=shape, random_state=rng)

    for shape in (LARGE, (3, 3, 20, 160), (500,), (1, 1), (7, 1)):
        draws.judge_draws(
            draws.call_with_generators(draw(shape), 1, None, "f"), shape, None, [ours]
        )
    draws.judge_draws(
        draws.call_with_generators(draw(SMALL), 1, ARRAYS, "f"), SMALL, ARRAYS, [ours]
    )


def test_float32_has_too_few_ties_to_be_taken_for_a_pool():
    values = np.random.default_rng(0).standard_normal((3, *LARGE), dtype=np.float32)
    assert values.size - len(np.unique(values)) < 0.2 * draws.MOST_TIES * values.size
    draws.check_sample(values.astype(float), [Normal(1.0)], small=False)


@pytest.mark.parametrize("exercise_id", RANDOM_EXERCISES)
def test_no_exercise_runs_more_tests_than_its_alarm_rate_allows(exercise_id, monkeypatch):
    answer = load_answer(exercise_id)
    counted = record_bounds(monkeypatch)
    references = answer.hidden_references(7)
    for case in references.cases:
        observed = observe(answer.exercise, answer.plain, case.inputs)
        outputs = {name: value.array for name, value in observed.outputs.items()}
        answer.exercise.judge(case.inputs, outputs)
    assert len(counted) <= TESTS_PER_EXERCISE / 2


# ---- fakes: the right standard deviation, and something else is wrong

POOL = np.random.default_rng(99).normal(size=100_000)


def quantiles(u):
    return special.ndtri(np.clip(u, 1e-9, 1 - 1e-9))


def half(n, rng):
    return rng.normal(size=(n + 1) // 2)


# From a number of values and a generator to a flat array that pretends to be standard normal.
FAKES = {
    "standardized": lambda n, rng: stats.zscore(rng.normal(size=n)),
    "of exact length": lambda n, rng: (lambda x: x / np.sqrt(np.mean(x**2)))(rng.normal(size=n)),
    "every second one negated": lambda n, rng: (lambda x: np.stack([x, -x], 1).ravel()[:n])(
        half(n, rng)
    ),
    "the second half negated": lambda n, rng: (lambda x: np.concatenate([x, -x])[:n])(half(n, rng)),
    "mirrored and negated": lambda n, rng: (lambda x: np.concatenate([x, -x[::-1]])[:n])(
        half(n, rng)
    ),
    "spread evenly by the golden ratio": lambda n, rng: quantiles(
        (rng.random() + np.arange(n) * 0.6180339887498949) % 1
    ),
    "a Latin hypercube": lambda n, rng: quantiles((rng.permutation(n) + rng.random(n)) / n),
    "a Sobol sequence": lambda n, rng: quantiles(
        stats.qmc.Sobol(1, rng=rng).random_base2(math.ceil(math.log2(n)))[:n, 0]
    ),
    "signs of rows and columns": lambda n, rng: (
        np.abs(rng.normal(size=n))
        * np.repeat(rng.choice([-1, 1], -(-n // 200)), 200)[:n]
        * np.resize(rng.choice([-1, 1], 200), n)
    ),
    "sizes that repeat": lambda n, rng: (
        np.resize(np.abs(rng.normal(size=-(-n // 4))), n)
        * (1 + 1e-9 * rng.random(n))
        * rng.choice([-1, 1], n)
    ),
    "a fixed pool, shuffled": lambda n, rng: rng.permutation(POOL[:n]),
    "a fixed pool, rolled": lambda n, rng: np.roll(POOL[:n], rng.integers(n)),
    "a fixed pool with random signs": lambda n, rng: POOL[:n] * rng.choice([-1, 1], n),
    "a fixed pool, a little stirred": lambda n, rng: (
        math.sqrt(0.9) * POOL[:n] + math.sqrt(0.1) * rng.normal(size=n)
    ),
    "drawn from a pool": lambda n, rng: rng.choice(POOL[:10_000], n),
    "one column larger": lambda n, rng: (
        rng.normal(size=n) * np.where(np.arange(n) % 200 == 3, 1.5, 1.0)
    ),
    "a row of averages": lambda n, rng: np.convolve(
        rng.normal(size=n + 3), np.full(4, 0.5), "valid"
    )[:n],
    "two signs": lambda n, rng: rng.choice([-1.0, 1.0], n) + 1e-6 * rng.normal(size=n),
    "uniform": lambda n, rng: math.sqrt(3) * rng.uniform(-1, 1, n),
    "truncated": lambda n, rng: CUT.rvs(size=n, random_state=rng) / CUT.std(),
    "Laplace": lambda n, rng: rng.laplace(scale=math.sqrt(0.5), size=n),
    "logistic": lambda n, rng: rng.logistic(scale=math.sqrt(3) / math.pi, size=n),
    "a spread 3 % too large": lambda n, rng: 1.03 * rng.normal(size=n),
    "a mean off by 5 % of a standard deviation": lambda n, rng: rng.normal(0.05, 1, n),
}


@pytest.mark.parametrize("name", FAKES)
def test_fakes_are_found(name):
    """In the two kinds of cases together, as every exercise has them."""

    def draw(shape):
        return lambda rng: FAKES[name](math.prod(shape), rng).reshape(shape)

    found = []
    for shape, arrays in ((LARGE, None), (SMALL, ARRAYS)):
        outputs = draws.call_with_generators(draw(shape), 5, arrays, "f")
        try:
            draws.judge_draws(outputs, shape, arrays, [Normal(1.0)])
        except Wrong as wrong:
            found.append(wrong)
    assert found, "passes"
    assert all(wrong.stage == "values" for wrong in found)


SMALL_ONLY = ("standardized", "of exact length", "a Latin hypercube")


@pytest.mark.parametrize("name", sorted(set(FAKES) - set(SMALL_ONLY)))
def test_most_fakes_are_found_in_large_arrays_alone(name):
    outputs = draws.call_with_generators(
        lambda rng: FAKES[name](math.prod(LARGE), rng).reshape(LARGE), 6, None, "f"
    )
    with pytest.raises(Wrong):
        draws.judge_draws(outputs, LARGE, None, [Normal(1.0)])


def test_places_of_small_arrays_that_go_together():
    """Too weak a correlation to show among all neighbors, of which it is in one of six."""
    rng = np.random.default_rng(1)
    sample = rng.normal(size=(2000, 6))
    sample[:, 4] = 0.4 * sample[:, 1] + math.sqrt(1 - 0.4**2) * sample[:, 4]
    with pytest.raises(Wrong, match="elements 1 and 4"):
        draws.check_sample(sample, [Normal(1.0)], small=True)


def test_what_is_not_a_number_is_a_surprise():
    """Sums of a student's numbers can overflow to infinity on both sides."""
    assert draws._surprising(np.array([0.0, np.nan]))
    assert draws._surprising(np.array([-np.inf]))
    assert not draws._surprising(np.array([0.0, np.log(1e-9)]))


def test_what_is_exact_in_a_large_array_shows_in_small_ones():
    """Why there are two kinds of cases."""
    standardized = FAKES["standardized"]
    large = draws.call_with_generators(
        lambda rng: standardized(math.prod(LARGE), rng).reshape(LARGE), 5, None, "f"
    )
    draws.judge_draws(large, LARGE, None, [Normal(1.0)])
    small = draws.call_with_generators(
        lambda rng: standardized(2, rng).reshape(SMALL), 5, ARRAYS, "f"
    )
    with pytest.raises(Wrong):
        draws.judge_draws(small, SMALL, ARRAYS, [Normal(1.0)])


# ---- generators


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda rng: np.random.default_rng().normal(size=LARGE), "the same state"),
        (lambda rng: np.random.default_rng(3).normal(size=LARGE), "different seeds"),
        (lambda rng: copy.deepcopy(rng).normal(size=LARGE), "two calls in a row"),
    ],
)
def test_generators_that_are_not_used(draw, said):
    outputs = draws.call_with_generators(draw, 1, None, "f")
    with pytest.raises(Wrong, match=said):
        draws.judge_draws(outputs, LARGE, None, [Normal(1.0)])


def test_a_function_that_returns_nothing_is_unsolved():
    for arrays in (None, 5):
        with pytest.raises(Wrong) as caught:
            draws.call_with_generators(lambda rng: None, 1, arrays, "f")
        assert caught.value.stage == "unsolved"


@pytest.mark.parametrize("returned", [[1.0, 2.0], np.zeros((3, 3))])
def test_small_arrays_of_other_kinds_or_shapes(returned):
    results = iter([np.zeros(SMALL), returned])
    with pytest.raises(Wrong):
        draws.call_with_generators(lambda rng: next(results), 1, 2, "f")


# ---- outputs that no recipe sends: they come from a student's process


def right_outputs():
    return draws.call_with_generators(lambda rng: rng.normal(size=(20, 10)), 1, None, "f")


@pytest.mark.parametrize(
    "change",
    [
        lambda outputs: outputs.pop("other_values"),
        lambda outputs: outputs.update(values=np.zeros((0, 10))),
        lambda outputs: outputs.update(values=np.float64(1.0)),
        lambda outputs: outputs.update(values=np.ones((20, 10), dtype=bool)),
        lambda outputs: outputs.update(values=np.ones((20, 10), dtype=np.int64)),
        lambda outputs: outputs.update(values=np.zeros((20, 10), dtype=np.float16)),
        lambda outputs: outputs.update(
            {
                name: np.resize([1.7e308, -1.7e308], (20, 10)) * (1 - n / 9)
                for n, name in enumerate(["values", "next_values", "other_values"])
            }
        ),
        lambda outputs: outputs.update({name: np.zeros((20, 10)) for name in outputs}),
    ],
)
def test_odd_outputs_are_the_students_outcome(change):
    outputs = {name: np.asarray(array) for name, array in right_outputs().items()}
    change(outputs)
    draws.fingerprint({name: np.asarray(array) for name, array in outputs.items()})
    with pytest.raises(Wrong):
        draws.judge_draws(
            {name: np.asarray(array) for name, array in outputs.items()},
            (20, 10),
            None,
            [Normal(1.0), TruncatedNormal(1.0)],
        )


def test_fingerprints_of_one_distribution_agree_and_of_others_differ():
    def of(scale, seed):
        return draws.fingerprint(
            draws.call_with_generators(lambda rng: scale * rng.normal(size=LARGE), seed, None, "f")
        )["features"]

    assert np.abs(of(0.1, 1) - of(0.1, 2)).max() < 0.03
    assert np.abs(of(0.1, 1) - of(0.11, 2)).max() > 0.06


def test_a_fingerprint_of_something_enormous_needs_no_memory_for_it():
    for rows, is_looked_at in ((200, True), (200_000, False)):
        tall = {name: np.ones((rows, 1)) for name in draws.ONE_ARRAY.split()}
        assert ("orthogonal" in orthogonal_fingerprint(tall)) == is_looked_at
