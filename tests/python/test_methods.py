"""Methods as classes and functions: parameters, constants, chains, threads, errors."""

from __future__ import annotations

import dataclasses
import inspect
import pickle
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import constants_of, field, height_map, phase_map

import amorph

AFM_ITEM_METHODS = [
    found["id"] for found in amorph.list_methods().values() if found["family"] == "afm" and found["scope"] == "item"
]


def function_of(method: str):
    found = amorph.list_methods()[method]
    return getattr(getattr(amorph, found["family"]), method.rpartition(".")[2])


def data_for(method: str) -> tuple[Any, dict[str, Any]]:
    """What a method is given: a tapping scan, or what it is made for, and the parameters without a default."""
    match method:
        case "dafm.resonance_curve":
            frequency = np.linspace(290e3, 310e3, 201)
            ratio = frequency / 300e3
            amplitude = 20e-9 / np.sqrt(500**2 * (1 - ratio**2) ** 2 + ratio**2)
            noise = np.random.default_rng(1).normal(scale=1e-11, size=201)
            return table(frequency=(frequency, "Hz"), amplitude=(amplitude + noise, "m")), {}
        case "dafm.amplitude_sweep":
            ratio = np.linspace(0.99, 0.2, 30)
            return table(amplitude_ratio=(ratio, ""), energy=(60 * ratio * (1 - ratio), "eV")), {}
        case "dafm.frequency_modulation":
            excitation = amorph.Map(1 + 0.01 * field(4, 1), "excitation", "V", x_size=320, y_size=320, xy_unit="nm")
            return [excitation], {"excitation_free": "0.8 V", "oscillation_amplitude": "10 nm"}
        case "dafm.corrugation":
            crests = np.sin(np.linspace(0, 14 * 2 * np.pi, 128, endpoint=False)) + 0.3 * field(4, 2)
            surface = amorph.Map(crests, "height", "nm", x_size=1000, y_size=1000, xy_unit="nm")
            return [surface], {"crack_direction": "0 deg"}
        case "dafm.clusters":
            return [phase_map(), height_map()], {"mode": "area"}
        case _:
            return [phase_map(), height_map()], {}


def table(**columns: tuple[Any, str]) -> amorph.Table:
    """A table of numbers with their units."""
    frame = pd.DataFrame({name: values for name, (values, _) in columns.items()})
    return amorph.Table.from_dataframe(frame, {name: unit for name, (_, unit) in columns.items()})


@pytest.mark.parametrize("method", AFM_ITEM_METHODS)
def test_every_afm_method_runs_on_numpy_maps(method: str) -> None:
    """Each with the results of the methods it follows, as its signature says."""
    maps, parameters = data_for(method)
    after: list[amorph.Result] = []
    for earlier in amorph.list_methods()[method]["after"]:
        after.append(function_of(earlier)(maps, after=after, **constants_of(earlier)))
    result = function_of(method)(maps, after=after, seed=3, **(constants_of(method) | parameters))
    assert result.method == method
    assert result.provenance.seed == 3
    assert len(result) > 0
    declared = {output["key"]: output for output in amorph.list_methods()[method]["outputs"]}
    for key, estimate in result.items():
        assert np.isfinite(estimate.value)
        assert (estimate.interval is None) == (estimate.no_interval is not None)
        if estimate.interval is not None:
            assert estimate.value in estimate.interval
        if key in declared and declared[key]["unit"]:
            assert estimate.to(declared[key]["unit"]).value == pytest.approx(estimate.value)


def test_numbers_are_those_of_the_closed_form() -> None:
    """At resonance, Lu et al. 2016: E = pi k A A0 / Q (sin(phi) - A / A0)."""
    phase = phase_map()
    result = amorph.afm.dissipation(phase, form="lu2016", **constants_of("dafm.dissipation"))
    k, q, free, setpoint = 40.0, 500.0, 20e-9, 12e-9
    energy = np.pi * k * setpoint * free / q * (np.sin(np.radians(phase.values)) - setpoint / free)
    np.testing.assert_allclose(result.maps["dissipated_energy"].values, energy, rtol=1e-12)
    assert result["dissipated_energy_mean"].value == pytest.approx(energy.mean(), rel=1e-12)
    assert result["dissipated_energy_mean"].unit == "J"


def test_units_of_maps_and_sizes_are_converted() -> None:
    nanometres = height_map()
    metres = amorph.Map(nanometres.values * 1e-9, "height", "m", x_size=320e-9, y_size=320e-9)
    first, second = amorph.afm.topography(nanometres), amorph.afm.topography(metres)
    assert first["roughness_rms"].value == pytest.approx(second["roughness_rms"].value, rel=1e-12)
    # The field has a standard deviation of 0.5 nm before its plane is taken away.
    assert 0.3 < first["roughness_rms"].to("nm").value < 0.51


def test_class_and_function_are_the_same(phase: amorph.Map) -> None:
    constants = constants_of("dafm.dissipation")
    method = amorph.afm.Dissipation(form="lu2016", max_negative_fraction=0.05)
    by_class = method.run(phase, seed=5, **constants)
    by_function = amorph.afm.dissipation(phase, form="lu2016", max_negative_fraction=0.05, seed=5, **constants)
    assert by_class == by_function
    assert by_class.provenance.parameters["form"] == "lu2016"
    assert dataclasses.replace(method, form="qiao2019").form == "qiao2019"
    with pytest.raises(dataclasses.FrozenInstanceError):
        method.form = "qiao2019"


def test_quantities_are_text_pairs_numbers_or_estimates(phase: amorph.Map) -> None:
    constants = constants_of("dafm.dissipation")
    as_text = amorph.afm.dissipation(phase, **constants)
    as_pairs = amorph.afm.dissipation(
        phase,
        **constants | {"spring_constant": (40, "N/m"), "quality_factor": "500", "free_amplitude": (0.02, "um")},
        max_free_lag_offset=(5, "deg"),
    )
    assert as_pairs["dissipated_energy_mean"].value == pytest.approx(as_text["dissipated_energy_mean"].value, rel=1e-14)
    amplitude = dataclasses.replace(as_text["dissipated_energy_mean"], value=20e-9, unit="m", std_error=1e-9)
    as_estimate = amorph.afm.dissipation(phase, **constants | {"free_amplitude": amplitude})
    stated = {constant["key"]: constant["value"] for constant in as_estimate.provenance.constants}
    assert stated["free_amplitude"].replace("±", "+-").split()[:3:2] == ["0.00000002", "0.000000001"]


def test_a_constant_without_its_unit_is_refused(phase: amorph.Map) -> None:
    with pytest.raises(amorph.AnalysisError, match="spring_constant") as raised:
        amorph.afm.dissipation(phase, **constants_of("dafm.dissipation") | {"spring_constant": 40.0})
    assert "40 N/m" in raised.value.hint


def test_missing_constants_are_all_named_with_where_they_are_found(phase: amorph.Map) -> None:
    with pytest.raises(amorph.AnalysisError) as raised:
        amorph.afm.dissipation(phase, phase_convention="lag")
    for key in ("spring_constant", "quality_factor", "free_amplitude"):
        assert key in raised.value.message
    assert "spring_constant" in raised.value.hint and "thermal tune" in raised.value.hint
    assert raised.value.hint in str(raised.value)
    assert pickle.loads(pickle.dumps(raised.value)).hint == raised.value.hint


def test_parameters_are_checked_when_they_are_given() -> None:
    with pytest.raises(amorph.AnalysisError, match="power_balance"):
        amorph.afm.Dissipation(form="power")
    with pytest.raises(amorph.AnalysisError, match="dafm.topography"):
        amorph.afm.Topography(degree=-1)
    with pytest.raises(TypeError, match="positional"):
        amorph.afm.Topography(2)


def test_a_bare_array_is_refused_with_the_remedy() -> None:
    with pytest.raises(amorph.AnalysisError, match="128 x 128") as raised:
        amorph.afm.topography(np.zeros((128, 128)))
    assert "amorph.Map(" in raised.value.hint


def test_a_map_without_a_size_is_refused() -> None:
    with pytest.raises(amorph.AnalysisError, match="lateral size"):
        amorph.afm.topography(amorph.Map(field(6, 2), "height", "nm"))


def test_the_right_map_is_chosen_or_the_question_is_asked() -> None:
    traces = [
        amorph.Map(height_map(seed).values, "height", "nm", 320, 320, "nm", direction=direction)
        for seed, direction in ((2, "trace"), (3, "retrace"))
    ]
    with pytest.raises(amorph.AnalysisError, match="not unique"):
        amorph.afm.topography(traces)
    by_direction = amorph.afm.topography(traces, channels={"height": "retrace"})
    by_index = amorph.afm.topography(traces, channels={"height": 1})
    assert by_direction["roughness_rms"] == by_index["roughness_rms"]
    assert by_direction["roughness_rms"] == amorph.afm.topography(traces[1])["roughness_rms"]


def test_masked_pixels_do_not_count(height: amorph.Map) -> None:
    damaged = height.values.copy()
    damaged[10:20, 10:20] = 1e3
    mask = np.zeros(damaged.shape, dtype=bool)
    mask[10:20, 10:20] = True
    masked = amorph.Map(np.ma.MaskedArray(damaged, mask), "height", "nm", 320, 320, "nm")
    result = amorph.afm.topography(masked, robust=False)
    assert result["roughness_rms"].to("nm").value < 0.55
    assert amorph.afm.topography(
        amorph.Map(damaged, "height", "nm", 320, 320, "nm"), robust=False
    )["roughness_rms"].to("nm").value > 10


def test_results_are_handed_on_and_recorded(phase: amorph.Map, height: amorph.Map) -> None:
    topography = amorph.afm.topography([height, phase])
    corrected = amorph.afm.dissipation(
        [phase], phase="corrected", after=topography, **constants_of("dafm.dissipation")
    )
    assert corrected.provenance.upstream == (topography.job,)
    as_measured = amorph.afm.dissipation([phase], **constants_of("dafm.dissipation"))
    assert not np.array_equal(
        corrected.maps["dissipated_energy"].values, as_measured.maps["dissipated_energy"].values
    )
    with pytest.raises(amorph.AnalysisError, match="phase_corrected"):
        amorph.afm.dissipation([phase], phase="corrected", **constants_of("dafm.dissipation"))


def test_methods_over_a_state_say_what_they_lack(dissipation: amorph.Result) -> None:
    with pytest.raises(amorph.AnalysisError, match="correlation length") as raised:
        amorph.afm.activation_energy([dissipation], temperature="298 K")
    assert "dafm.correlation_length" in raised.value.hint


def test_states_are_compared() -> None:
    constants = constants_of("dafm.dissipation")

    def sites(phase_offset: float, seeds: range) -> list[amorph.Result]:
        shifted = (amorph.Map(phase_map(s).values + phase_offset, "phase", "deg", 320, 320, "nm") for s in seeds)
        return [amorph.afm.dissipation(shown, **constants) for shown in shifted]

    states = {"soft": sites(8, range(1, 5)), "stiff": sites(0, range(5, 9))}
    comparison = amorph.compare.states(states, quantities=["dissipated_energy_mean"], seed=2)
    soft, stiff = (comparison[f"dissipated_energy_mean@{state}"] for state in ("soft", "stiff"))
    means = [result["dissipated_energy_mean"].value for result in states["soft"]]
    assert soft.value == pytest.approx(np.mean(means))
    assert soft.value > stiff.value
    known = {"soft": {"dissipated_energy_mean": (float(np.mean(means)), "J")}}
    recovered = amorph.compare.truth(states, truth=known)
    assert [note.code for note in recovered.notes] == ["truth_recovered"]


def test_a_scan_is_summed_over_an_annulus(tmp_path: Path) -> None:
    scan = np.zeros((3, 4, 16, 16), dtype=np.uint16)
    scan[..., 8, 12] = np.arange(12).reshape(3, 4)
    result = amorph.stem.annular_sum(scan, inner_radius=3, outer_radius=5, centre=(8, 8), scan_step="2 nm")
    image = next(iter(result.maps.values()))
    np.testing.assert_array_equal(image.values, np.arange(12).reshape(3, 4))
    assert (image.x_size, image.xy_unit) == (pytest.approx(8e-9), "m")
    swapped = scan.astype(">u2")
    assert amorph.stem.annular_sum(swapped, inner_radius=3, outer_radius=5, centre=(8, 8))["mean_annular_sum"].value == 5.5
    np.save(tmp_path / "scan.npy", scan)
    file = amorph.open(tmp_path / "scan.npy")
    assert file.kind == "scan" and [axis["n"] for axis in file.scan["axes"]] == [3, 4, 16, 16]
    of_file = amorph.stem.annular_sum(file, inner_radius=3, outer_radius=5, centre=(8, 8), scan_step="2 nm")
    assert dict(of_file) == dict(result)
    with pytest.raises(TypeError, match="complex128"):
        amorph.stem.annular_sum(scan.astype(complex), inner_radius=3, outer_radius=5)


def test_events_come_from_a_data_frame() -> None:
    pandas = pytest.importorskip("pandas")
    # A pure power law with exponent 1.5: the inverse of its distribution function.
    sizes = (1 - np.random.default_rng(4).random(4000)) ** -2.0
    frame = pandas.DataFrame({"drop": sizes, "event": [f"n{i}" for i in range(4000)]})
    frame.attrs["units"] = {"drop": "MPa"}
    result = amorph.events.size_distribution(frame, model="power_law", bootstrap=0, xmin="1 MPa")
    exponent = next(iter(result.values()))
    # The standard error of the estimator is (alpha - 1) / sqrt(n).
    assert exponent.value == pytest.approx(1.5, abs=4 * 0.5 / np.sqrt(4000))
    with pytest.raises(amorph.AnalysisError, match="a table"):
        amorph.events.size_distribution(phase_map())


def test_data_of_an_unknown_kind_are_refused() -> None:
    with pytest.raises(TypeError, match="amorph.Map"):
        amorph.afm.topography(3)
    with pytest.raises(TypeError, match="results of earlier methods"):
        amorph.afm.activation_energy([3])


def test_the_interpreter_runs_on_while_a_method_works() -> None:
    large = amorph.Map(np.tile(field(6, 2), (8, 8)), "height", "nm", 2560, 2560, "nm")
    done = threading.Event()

    def work() -> None:
        amorph.afm.topography(large)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    ticks = 0
    while not done.is_set():
        time.sleep(0.005)
        ticks += not done.is_set()
    thread.join()
    # Were the lock held, this thread would have to wait until the end.
    assert ticks >= 5


def test_signatures_and_help_come_from_the_registry() -> None:
    signature = inspect.signature(amorph.afm.dissipation)
    assert list(signature.parameters)[0] == "data"
    keyword_only = [parameter for parameter in signature.parameters.values() if parameter.name != "data"]
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in keyword_only)
    for key in ("form", "spring_constant", "seed"):
        assert key in signature.parameters
    help_text = inspect.getdoc(amorph.afm.dissipation) or ""
    for expected in ("dissipated_energy_mean", "N/m", "Lu et al. 2016"):
        assert expected in help_text
    assert amorph.afm.Dissipation.info()["doc"].splitlines()[-1] in (inspect.getdoc(amorph.afm.Dissipation) or "")


def test_every_method_has_its_class_and_function() -> None:
    for method, found in amorph.list_methods().items():
        module = getattr(amorph, found["family"])
        cls = getattr(module, found["schema"]["title"])
        assert cls.ID == method
        assert function_of(method).__name__ in module.__all__
        fields = {entry.name for entry in dataclasses.fields(cls)}
        assert fields == set(found["schema"].get("properties", {}))


def test_constants_that_nobody_knows_are_refused(phase: amorph.Map) -> None:
    with pytest.raises(TypeError, match="spring_konstant"):
        amorph.afm.dissipation(phase, **constants_of("dafm.dissipation") | {"spring_konstant": "40 N/m"})
