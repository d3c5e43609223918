"""Times LiberTEM and py4DSTEM on the scan that `bench_annular FILE.npy` wrote: python benches/peers_stem.py FILE.npy.

Annular sums between 20 and 40 pixels about the middle of the detector, and py4DSTEM's search for Bragg disks (correlation with a
probe, which has no rate of false reflections). A peer that is not installed is left out.
"""

import statistics
import sys
import time

import numpy as np

PATTERNS_SEARCHED = 400
RADIUS = 5


def rate(patterns, work, repeats=5):
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return patterns / statistics.median(seconds), patterns / min(seconds)


def tell(what, rates):
    print(f"{what}: median {rates[0]:.0f} patterns/s, best {rates[1]:.0f}")


def libertem(path):
    try:
        import libertem
        from libertem.api import Context
    except ImportError:
        return print("LiberTEM is not installed: left out")
    for executor in ("inline", "threads"):
        with Context.make_with(executor) as context:
            scan = context.load("npy", path=path)
            ring = context.create_ring_analysis(dataset=scan, cx=63.5, cy=63.5, ri=20, ro=40)
            context.run(ring)
            patterns = int(np.prod(scan.shape.nav))
            tell(f"LiberTEM {libertem.__version__}, annular sum, {executor}", rate(patterns, lambda: context.run(ring)))


def py4dstem(path):
    try:
        import py4DSTEM
    except ImportError:
        return print("py4DSTEM is not installed: left out")
    name = f"py4DSTEM {py4DSTEM.__version__}"
    values = np.load(path)
    cube = py4DSTEM.DataCube(data=values)
    ring = dict(mode="annulus", geometry=((63.5, 63.5), (20, 40)), name="ring", verbose=False)
    cube.get_virtual_image(**ring)
    tell(f"{name}, annular sum", rate(values.shape[0] * values.shape[1], lambda: cube.get_virtual_image(**ring), 3))
    y, x = np.mgrid[:128, :128]
    kernel = (np.hypot((y + 64) % 128 - 64, (x + 64) % 128 - 64) <= RADIUS).astype(float)
    kernel -= kernel.mean()
    part = py4DSTEM.DataCube(data=values.reshape(-1, 1, 128, 128)[:PATTERNS_SEARCHED])

    def search():
        part.find_Bragg_disks(template=kernel, corrPower=1.0, sigma_cc=1.0, subpixel="poly", maxNumPeaks=20)

    tell(f"{name}, Bragg disks", rate(PATTERNS_SEARCHED, search, 3))


if __name__ == "__main__":
    libertem(sys.argv[1])
    py4dstem(sys.argv[1])
