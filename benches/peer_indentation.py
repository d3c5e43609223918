"""Times scipy's curve_fit on the curves of `bench_indentation curves.csv`: the Kelvin contact with its closed form for ramp and hold."""

import sys
import time

import numpy as np
from scipy.optimize import curve_fit

RADIUS, POISSON, PEAK, RISE = 2e-6, 0.363, 800e-6, 1e-3
FACTOR = 3 * (1 - POISSON) / (8 * np.sqrt(RADIUS))


def depth(t, modulus, tc, offset):
    tc = abs(tc) + 1e-9
    ramp = t - tc * (1 - np.exp(-t / tc))
    late = np.maximum(t - RISE, 0.0)
    ramp = ramp - np.where(t > RISE, late - tc * (1 - np.exp(-late / tc)), 0.0)
    power = FACTOR * PEAK / RISE / (modulus * 1e9) * np.maximum(ramp, 0.0)
    return 1e9 * power ** (2 / 3) + offset


def main():
    rows = [np.array(line.split(","), dtype=float) for line in open(sys.argv[1])]
    curves = [(rows[i], rows[i + 2] * 1e9) for i in range(0, len(rows), 3)]
    wall, cpu = np.inf, np.inf
    for _ in range(5):
        start, start_cpu = time.perf_counter(), time.process_time()
        for t, h in curves:
            curve_fit(depth, t, h, p0=[25.0, 2e-4, 0.0])
        wall = min(wall, time.perf_counter() - start)
        cpu = min(cpu, time.process_time() - start_cpu)
    print(f"scipy curve_fit, {len(curves)} curves of {len(curves[0][0])} points: {1e3 * wall:.0f} ms wall, {1e3 * cpu:.0f} ms cpu")


if __name__ == "__main__":
    main()
