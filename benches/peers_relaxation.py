"""mastercurves, pyvisco and lmfit on the data that `bench_relaxation FOLDER` wrote: python benches/peers_relaxation.py FOLDER [seeds].

Prints the time of every master curve and how far its shifts are from the truth. A peer that is not installed is left out.
"""

import contextlib
import io
import pathlib
import statistics
import sys
import time
import warnings

import numpy as np

REFERENCE = 470.0
warnings.filterwarnings("ignore")


def read(path):
    return np.genfromtxt(path, delimiter=",", names=True)


def sets(data):
    """Temperatures, true shifts, and (omega, storage, loss) of every isotherm."""
    temperatures = np.unique(data["temperature_K"])
    rows = [data[data["temperature_K"] == t] for t in temperatures]
    truth = np.array([r["true_shift_log10"][0] for r in rows])
    return temperatures, truth, [(r["angular_frequency_rad_s"], r["storage_Pa"], r["loss_Pa"]) for r in rows]


def tell(what, seconds, errors):
    error = np.sqrt(np.mean(np.concatenate(errors) ** 2))
    print(f"{what}: median {1e3 * statistics.median(seconds):.0f} ms, best {1e3 * min(seconds):.0f} ms")
    print(f"  its shifts: root mean square error {error:.5f} decades over {len(errors)} sets")


def gaussian_processes(files):
    try:
        from mastercurves import MasterCurve
        from mastercurves.transforms import Multiply
    except ImportError:
        return print("mastercurves is not installed: left out")
    for column, name in ((1, "storage"), (2, "loss")):
        seconds, errors = [], []
        for path in files:
            temperatures, truth, isotherms = sets(read(path))
            started = time.perf_counter()
            curve = MasterCurve()
            # Hottest first: every pair is shifted by less than two decades.
            order = range(len(temperatures))[::-1]
            logs = [np.log(isotherms[i][0]) for i in order], [np.log(isotherms[i][column]) for i in order]
            curve.add_data(*logs, [temperatures[i] for i in order])
            curve.add_htransform(Multiply(bounds=(1e-2, 1e2)))
            with contextlib.redirect_stdout(io.StringIO()):
                curve.superpose()
            seconds.append(time.perf_counter() - started)
            shifts = np.log10(np.array(curve.hparams[0], dtype=float))[::-1]
            shifts = shifts - shifts[temperatures == REFERENCE]
            # The sign of the convention: slower at lower temperature is positive.
            shifts *= np.sign(np.dot(shifts, truth))
            errors.append((shifts - truth)[temperatures != REFERENCE])
        tell(f"mastercurves, {name} modulus", seconds, errors)


def power_laws(files):
    try:
        import pandas
        from pyvisco import master
    except ImportError:
        return print("pyvisco is not installed: left out")
    seconds, errors = [], []
    for path in files:
        temperatures, truth, isotherms = sets(read(path))
        frame = pandas.concat(
            pandas.DataFrame({"Set": i, "T_round": t, "f_set": w / (2 * np.pi), "E_stor": 1e-6 * s, "E_loss": 1e-6 * l})
            for i, (t, (w, s, l)) in enumerate(zip(temperatures, isotherms))
        ).reset_index(drop=True)
        frame.modul, frame.domain = "E", "freq"
        started = time.perf_counter()
        try:
            table, _ = master.get_aT(frame, REFERENCE)
        except Exception as error:  # a fit that does not converge ends its whole master curve
            print(f"pyvisco, {path.name}: {type(error).__name__}: {error}")
            continue
        seconds.append(time.perf_counter() - started)
        shifts = table["log_aT"].to_numpy(dtype=float)
        found = np.isfinite(shifts)
        if not found.all():
            print(f"pyvisco, {path.name}: {np.sum(~found)} of {len(shifts)} shifts are not numbers; left out")
        shifts = shifts * np.sign(np.nansum(shifts * truth))
        errors.append((shifts - truth)[(temperatures != REFERENCE) & found])
    if errors:
        tell("pyvisco, storage modulus", seconds, errors)


def least_squares(path):
    try:
        import lmfit
    except ImportError:
        return print("lmfit is not installed: left out")
    data = read(path)
    omega, measured = data["angular_frequency_rad_s"], data["storage_Pa"] + 1j * data["loss_Pa"]
    parameters = lmfit.create_params(
        top=30e9, share=dict(value=0.5, min=0, max=1), log_tau=0.0, alpha=dict(value=0.8, min=0.05, max=1), gamma=dict(value=0.8, min=0.05, max=1)
    )

    def residuals(p):
        v = p.valuesdict()
        model = v["top"] * (1 - v["share"] / (1 + (1j * omega * 10 ** v["log_tau"]) ** v["alpha"]) ** v["gamma"])
        return np.concatenate([(model.real / measured.real - 1) / 0.01, (model.imag / measured.imag - 1) / 0.01])

    for name, work in (
        ("fit of one model", lambda: lmfit.minimize(residuals, parameters)),
        ("its conf_interval", lambda: lmfit.conf_interval(lmfit.Minimizer(residuals, parameters), lmfit.minimize(residuals, parameters), sigmas=[2])),
    ):
        seconds = []
        for _ in range(5):
            started = time.perf_counter()
            try:
                work()
            except Exception as error:
                print(f"lmfit, {name}: {type(error).__name__}: {error}")
                break
            seconds.append(time.perf_counter() - started)
        if seconds:
            print(f"lmfit, {name}: median {1e3 * statistics.median(seconds):.1f} ms, best {1e3 * min(seconds):.1f} ms")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    files = [path for seed in range(1, most + 1) if (path := folder / f"isotherms_{seed}.csv").exists()]
    gaussian_processes(files)
    power_laws(files)
    least_squares(folder / "spectrum.csv")
