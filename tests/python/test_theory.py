"""Closed-form models from Python."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import amorph
from amorph import theory

EV = 1.602176634e-19


def test_a_model_takes_numbers_text_pairs_and_estimates() -> None:
    given = {"temperature": "298 K", "interaction_length": (1.0, "nm"), "dimension": 3}
    energy = theory.lu_energy(length="4.10 nm", **given)
    assert energy == pytest.approx(0.325537 * EV, rel=1e-5)
    assert theory.lu_energy(length=4.10e-9, **given) == pytest.approx(energy)
    (estimate,) = theory.propagate("lu_energy", {"length": "4.10 +- 0.05 nm", **given})
    assert estimate.to("eV").std_error == pytest.approx(0.00714593, rel=1e-4)
    assert theory.lu_length(energy=estimate, **given) == pytest.approx(4.10e-9)


def test_arrays_broadcast() -> None:
    energies = np.arange(0.3, 1.01, 0.1)[:, np.newaxis] * EV
    lengths = theory.lu_length(energy=energies, temperature=298, interaction_length="1 nm", dimension=np.array([2, 3]))
    assert isinstance(lengths, np.ndarray)
    assert lengths.shape == (8, 2)
    # Table 1 of Lu et al. 2016.
    assert np.allclose(lengths[2] * 1e9, [11.87, 5.20], atol=0.005)


def test_several_results_have_names() -> None:
    state = theory.lu_two_state(upper_length="4.10 nm", lower_length="9.27 nm", temperature="298 K")
    assert state.energy == pytest.approx(0.484233 * EV, rel=1e-5)
    assert state.interaction_length == pytest.approx(0.802033e-9, rel=1e-5)


def test_classes_have_names() -> None:
    assert theory.ductility_by_poisson(poisson_ratio=0.40).ductility == "ductile"
    found = theory.ductility_by_poisson(poisson_ratio=np.array([0.30, 0.315, 0.36])).ductility
    assert list(found) == ["brittle", "undecided", "ductile"]


def test_errors_name_the_argument() -> None:
    with pytest.raises(amorph.UnitError, match="energy"):
        theory.lu_particles(energy="1 nm", temperature="298 K")
    with pytest.raises(amorph.AnalysisError, match="temperature"):
        theory.lu_particles(energy="1 eV", temperature=-1.0)
    with pytest.raises(TypeError, match="attempt_frequency"):
        theory.barrier_from_frequency(frequency="1 kHz", temperature="298 K")  # type: ignore[call-arg]


def test_errors_are_kept_apart() -> None:
    given = {"length": "4.10 +- 0.05 nm", "temperature": "298 K", "interaction_length": "1.0 +- 0.1 nm", "dimension": 3}
    (estimate,) = theory.propagate("lu_energy", given, systematic=["interaction_length"])
    assert estimate.systematic_error == pytest.approx(0.18 * estimate.value, rel=1e-6)
    assert estimate.interval is not None and estimate.value in estimate.interval


def test_every_function_is_documented() -> None:
    functions = [getattr(theory, name) for name in theory.__all__ if name[0].islower()]
    assert len(functions) > 100
    for function in functions:
        assert inspect.getdoc(function), function
