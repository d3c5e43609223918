"""Times the Python package powerlaw on the sizes that `bench_size_distribution sizes.csv` wrote: fit, and one replicate of its goodness of fit."""

import sys
import time
import warnings

import numpy as np
import powerlaw

warnings.filterwarnings("ignore")
sizes = np.loadtxt(sys.argv[1])


def best(repeats, work):
    def once():
        start, cpu = time.perf_counter(), time.process_time()
        result = work()
        return time.perf_counter() - start, time.process_time() - cpu, result

    return min((once() for _ in range(repeats)), key=lambda run: run[0])


def fit():
    fitted = powerlaw.Fit(sizes, xmin=1.0, verbose=False)
    return fitted.truncated_power_law.alpha, fitted.truncated_power_law.parameter2


wall, cpu, (alpha, rate) = best(3, fit)
print(f"powerlaw {powerlaw.__version__}, truncated power law, n = {len(sizes)}: {wall:.3f} s wall, {cpu:.3f} s cpu; alpha {alpha:.5f}, xc {1 / rate:.4f}")
wall, cpu, fitted = best(1, lambda: powerlaw.Fit(sizes, verbose=False))
print(f"powerlaw, xmin scan under the pure power law, n = {len(sizes)}: {wall:.3f} s wall, {cpu:.3f} s cpu; xmin {fitted.xmin:.4f}")
