"""The numbers of golden.toml of relaxation.creep and relaxation.tangent_ageing by SciPy: python benches/golden_relaxation.py

Reads the readings from the files and prints what curve_fit finds in them; a line that differs from its file is marked.
"""

import pathlib
import tomllib

import numpy as np
from scipy.optimize import curve_fit

METHODS = pathlib.Path(__file__).parent.parent / "crates/amorph/src/methods/relaxation"


def tell(name, found, entry):
    for key, value in found.items():
        stated = entry.get(key, float("nan"))
        mark = "" if abs(value / stated - 1) < 1e-6 else "   # differs"
        print(f"{name}.{key} = {value:.9e}{mark}")


def fitted(law, start, names, times, values, counts):
    """Weighted by the number of readings, the size of the errors from the scatter; from several starts."""
    best = None
    for first in start:
        try:
            p, covariance = curve_fit(law, times, values, p0=first, sigma=counts**-0.5, x_scale=np.abs(first), method="trf",
                                      ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=20000)
        except RuntimeError:
            continue
        cost = np.sum(counts * (law(times, *p) - values) ** 2)
        if best is None or cost < best[0]:
            best = cost, p, covariance
    _, p, covariance = best
    errors = np.sqrt(np.diag(covariance))
    return dict(zip(names, p)) | {f"{name}_error": error for name, error in zip(names, errors)}


def columns(entry, *names):
    return (np.array(entry[name], dtype=float) for name in names)


def creep():
    file = tomllib.loads((METHODS / "creep/golden.toml").read_text())
    times, strain, counts = columns(file["readings"], "time", "strain", "count")
    names = ["at_once", "late", "rate", "ln_time", "exponent"]
    stretched = lambda t, a, b, c, lt, n: a + b * -np.expm1(-((t / np.exp(lt)) ** n)) + c * t
    starts = [(strain[0], 0.003, 5e-7, np.log(t), n) for t in (100, 300, 900) for n in (0.4, 0.7)]
    tell("stretched_flow", fitted(stretched, starts, names, times, strain, counts), file["stretched_flow"])
    burgers = lambda t, a, b, c, lt: stretched(t, a, b, c, lt, 1.0)
    starts = [(strain[0], 0.003, 5e-7, np.log(t)) for t in (100, 300, 900)]
    tell("burgers", fitted(burgers, starts, names[:4], times, strain, counts), file["burgers"])


def ageing():
    file = tomllib.loads((METHODS / "tangent_ageing/golden.toml").read_text())
    times, tangent, counts = columns(file["readings"], "time", "loss_tangent", "count")
    law = lambda t, lost, settled, lt, n: settled + lost * np.exp(-((t / np.exp(lt)) ** n))
    starts = [(0.015, 0.02, np.log(t), n) for t in (1000, 5000, 20000) for n in (0.4, 0.8)]
    found = fitted(law, starts, ["lost", "settled", "ln_time", "exponent"], times, tangent, counts)
    tell("decay", found, file["decay"])


if __name__ == "__main__":
    creep()
    ageing()
