"""Times numpy, scipy and scikit-image on the fields written by the example `bench_kernels`.

    python benches/peers_afm.py FOLDER [SIZE ..]      JSON lines: the median of five runs
    python benches/peers_afm.py --table FILE          markdown table of all programs from the JSON lines in FILE
"""

import json
import statistics
import sys
import time
from pathlib import Path

REPEATS = 5
# Task of Amorph, task of the peer, peer, largest ratio that meets the target.
COMPARISONS = [
    ("hhcf_masked_all_lags", "racf", "libgwyddion", 0.8),
    ("hhcf_all_lags", "racf", "libgwyddion", 0.8),
    ("hhcf_masked_r100", "racf", "libgwyddion", 0.8),
    ("hhcf_masked_all_lags", "hhcf_masked", "scipy", None),
    ("hdr_pixel", "hdr", "libgwyddion", 0.7),
    ("hdr_outlines", "hdr", "libgwyddion", 0.7),
    ("hdr_pixel", "hdr", "scikit-image", None),
    ("psd", "rfft2", "scipy", 1.0),
    ("psd", "psd", "libgwyddion", None),
]


def measure(program, task, size, work, repeats=REPEATS):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    print(json.dumps({"program": program, "task": task, "size": size, "seconds": statistics.median(times)}), flush=True)


def peers(folder, sizes):
    import numpy as np
    import scipy.fft
    from skimage.measure import label, regionprops_table

    def hhcf(field, mask):
        shape = [scipy.fft.next_fast_len(2 * n - 1, real=True) for n in field.shape]
        weight = mask.astype(float)
        value = (field - field[mask].mean()) * weight
        m, e, s = (scipy.fft.rfft2(a, shape) for a in (weight, value, value * value))
        pairs = np.rint(scipy.fft.irfft2(np.abs(m) ** 2, shape))
        sums = scipy.fft.irfft2(2 * (m.conj() * s).real - 2 * np.abs(e) ** 2, shape)
        ky, kx = (np.fft.fftfreq(n, 1 / n) for n in shape)
        ring = np.rint(np.hypot(ky[:, None], kx)).astype(int).ravel()
        total = np.bincount(ring, pairs.ravel())
        return np.bincount(ring, sums.ravel()) / np.maximum(total, 1)

    def regions(field):
        inside = field > np.quantile(field, 0.95)
        names = ("area", "centroid", "major_axis_length", "minor_axis_length", "orientation", "equivalent_diameter")
        return regionprops_table(label(inside, connectivity=1), properties=names)

    for size in sizes:
        field = np.fromfile(folder / f"field_{size}.f64").reshape(size, size)
        row, column = np.indices(field.shape)
        mask = (7 * row + 13 * column) % 10 != 0
        hann = np.hanning(size + 1)[:-1]
        measure("scipy", "hhcf_masked", size, lambda: hhcf(field, mask))
        measure("scipy", "rfft2", size, lambda: scipy.fft.rfft2(field))
        measure("scipy", "psd", size, lambda: np.abs(scipy.fft.rfft2(field * hann * hann[:, None])) ** 2)
        measure("scikit-image", "hdr", size, lambda: regions(field), REPEATS if size <= 512 else 1)


def table(path):
    lines = [json.loads(line) for line in Path(path).read_text().splitlines() if line.startswith("{")]
    seconds = {(r["program"], r["task"], r["size"], r.get("threads")): r["seconds"] for r in lines}
    sizes = sorted({r["size"] for r in lines})
    threads = sorted({r["threads"] for r in lines if "threads" in r})
    print("| task | size | threads | Amorph, s | peer | peer, s | ratio | target |")
    print("|---|---|---|---|---|---|---|---|")
    for ours, theirs, peer, target in COMPARISONS:
        for size in sizes:
            for n in threads:
                a, b = seconds.get(("amorph", ours, size, n)), seconds.get((peer, theirs, size, None))
                if a is not None and b is not None:
                    wanted = f"{target}" if target else ""
                    print(f"| {ours} | {size} | {n} | {a:.4f} | {peer} {theirs} | {b:.4f} | {a / b:.2f} | {wanted} |")
    for (program, task, size, n), value in seconds.items():
        if program == "amorph" and task in ("surrogates_200", "field_sample"):
            print(f"| {task} | {size} | {n} | {value:.4f} | | | | |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--table"]:
        table(sys.argv[2])
    elif len(sys.argv) > 1:
        peers(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]] or [512, 2048])
    else:
        sys.exit(__doc__)
