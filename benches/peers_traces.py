"""Times numpy.loadtxt and pandas on the files of `bench_traces`, in the same run: python benches/peers_traces.py text.csv [workbook.xls]."""

import statistics
import sys
import time

import numpy as np
import pandas as pd


def median(work, repeats):
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


text, *workbooks = sys.argv[1:]
print(f"numpy.loadtxt {np.__version__}: {median(lambda: np.loadtxt(text, delimiter=',', skiprows=1), 3):.3f} s")
print(f"pandas.read_csv {pd.__version__}: {median(lambda: pd.read_csv(text), 3):.3f} s")
for workbook in workbooks:
    print(f"pandas.read_excel of {workbook}: {median(lambda: pd.read_excel(workbook, sheet_name=None), 5):.3f} s")
