"""Times scipy's curve_fit and scikit-learn's mixtures on what `bench_indentation FOLDER` wrote there."""

import sys
import time

import numpy as np
from scipy.optimize import curve_fit
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
import warnings

RADIUS, POISSON, PEAK, RISE = 2e-6, 0.363, 800e-6, 1e-3
FACTOR = 3 * (1 - POISSON) / (8 * np.sqrt(RADIUS))


def depth(t, modulus, tc, offset):
    """Kelvin contact in closed form for ramp and hold, in nm."""
    tc = abs(tc) + 1e-9
    ramp = t - tc * (1 - np.exp(-t / tc))
    late = np.maximum(t - RISE, 0.0)
    ramp = ramp - np.where(t > RISE, late - tc * (1 - np.exp(-late / tc)), 0.0)
    power = FACTOR * PEAK / RISE / (modulus * 1e9) * np.maximum(ramp, 0.0)
    return 1e9 * power ** (2 / 3) + offset


def median(repeats, work):
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[repeats // 2]


def contacts(path):
    rows = [np.array(line.split(","), dtype=float) for line in open(path)]
    curves = [(rows[i], rows[i + 2] * 1e9) for i in range(0, len(rows), 3)]

    def fit():
        for t, h in curves:
            curve_fit(depth, t, h, p0=[25.0, 2e-4, 0.0])

    print(f"scipy curve_fit, {len(curves)} curves of {len(curves[0][0])} points: {1e3 * median(5, fit):.0f} ms")


def mixtures(path):
    values = np.array(open(path).read().split(","), dtype=float)[:, None]
    values = (values - values.mean()) / values.std()
    warnings.simplefilter("ignore", ConvergenceWarning)
    for k in (3, 6):
        # The difference of two numbers of iterations takes the start off.
        def fit(n):
            GaussianMixture(k, tol=0.0, max_iter=n, init_params="random_from_data", random_state=1, reg_covar=0.0).fit(values)

        seconds = (median(5, lambda: fit(220)) - median(5, lambda: fit(20))) / 200
        print(f"scikit-learn mixture of {k}, {len(values)} values: {1e3 * seconds:.4f} ms per iteration")


if __name__ == "__main__":
    contacts(sys.argv[1] + "/curves.csv")
    mixtures(sys.argv[1] + "/moduli.csv")
