"""Small synthetic scans, and where the example data are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import amorph

#: Pixels and size of the synthetic scan.
SIDE, SIZE_NM = 128, 320.0

#: A cantilever driven at resonance. "40 N/m" and the like are read by the library.
TAPPING = {
    "spring_constant": "40 N/m",
    "quality_factor": 500,
    "resonance_frequency": "300 kHz",
    "drive_frequency": "300 kHz",
    "free_amplitude": "20 nm",
    "setpoint_amplitude": "12 nm",
    "phase_convention": "lag",
    "phase_reference": "absolute",
    "free_phase": "90 deg",
    "temperature": "298 K",
}


def field(correlation_pixels: float, seed: int, side: int = SIDE) -> NDArray[np.float64]:
    """A Gaussian random field of unit variance with a Gaussian spectrum."""
    noise = np.random.default_rng(seed).normal(size=(side, side))
    k2 = np.add.outer(np.fft.fftfreq(side) ** 2, np.fft.fftfreq(side) ** 2)
    smooth = np.fft.ifft2(np.fft.fft2(noise) * np.exp(-((np.pi * correlation_pixels) ** 2) * k2 / 2)).real
    return smooth / smooth.std()


def phase_map(seed: int = 1) -> amorph.Map:
    """A lag of 64 deg with fluctuations over about 10 nm."""
    values = 64 + 2 * field(4, seed)
    return amorph.Map(values, "phase", "deg", x_size=SIZE_NM, y_size=SIZE_NM, xy_unit="nm")


def height_map(seed: int = 2) -> amorph.Map:
    """A rough surface on a slope, in nanometres."""
    values = 0.5 * field(6, seed) + np.linspace(0, 3, SIDE)
    return amorph.Map(values, "height", "nm", x_size=SIZE_NM, y_size=SIZE_NM, xy_unit="nm")


@pytest.fixture
def phase() -> amorph.Map:
    return phase_map()


@pytest.fixture
def height() -> amorph.Map:
    return height_map()


@pytest.fixture
def dissipation(phase: amorph.Map) -> amorph.Result:
    return amorph.afm.dissipation(phase, **constants_of("dafm.dissipation"))


def constants_of(method: str) -> dict[str, object]:
    """The constants among `TAPPING` that a method can use."""
    return {key: value for key, value in TAPPING.items() if key in amorph.list_methods()[method]["constants"]}


def write_map(path: Path, shown: amorph.Map) -> Path:
    """A `.npy` file with its sidecar."""
    np.save(path, np.asarray(shown))
    sidecar = {
        "format": "amorph-map-1",
        "channel": shown.quantity,
        "value_unit": shown.unit,
        "x_size": shown.x_size,
        "y_size": shown.y_size,
        "xy_unit": shown.xy_unit,
        "first_row": "top",
    }
    path.with_name(path.name + ".json").write_text(json.dumps(sidecar))
    return path


STUDY = """
[study]
title = "Three sites"
seed = 7

[[sample]]
id = "film"
  [[sample.state]]
  id = "as-deposited"

[[measurement]]
state = "as-deposited"
technique = "afm"
files = ["site_*.npy"]
methods = ["dafm.dissipation"]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of three sites."""
    for site in (1, 2, 3):
        write_map(tmp_path / f"site_{site}.npy", phase_map(seed=site))
    lines = [f"{key} = {json.dumps(value)}" for key, value in TAPPING.items()]
    path = tmp_path / "study.toml"
    path.write_text(STUDY + "\n".join(lines) + "\n")
    return path


@pytest.fixture
def shared() -> Path:
    """The example data beside the repository."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"example data are not at {folder}")
    return folder
