"""Times SciPy's running median with find_peaks on the record of `bench_detector`: python benches/peer_detector.py record.f64."""

import statistics
import sys
import time

import numpy as np
import scipy
from scipy.ndimage import median_filter
from scipy.signal import find_peaks

values = np.fromfile(sys.argv[1])
times = []
for _ in range(3):
    started = time.perf_counter()
    rest = values - median_filter(values[::16], 33).repeat(16)[: len(values)]
    sigma = 1.4826 * np.median(np.abs(rest))
    found = sum(len(find_peaks(sign * rest, height=5 * sigma, distance=16)[0]) for sign in (1, -1))
    times.append(time.perf_counter() - started)
print(f"scipy {scipy.__version__}: {len(values)} samples, {statistics.median(times):.3f} s, {found} peaks above 5 sigma")
