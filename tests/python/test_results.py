"""What results offer: numbers, tables, figures, notebooks."""

from __future__ import annotations

import builtins
import copy
import math
import pickle

import numpy as np
import pytest

import amorph


def test_results_are_mappings_that_cannot_be_changed(dissipation: amorph.Result) -> None:
    assert "dissipated_energy_mean" in dissipation
    assert list(dissipation)[0] == "dissipated_energy_mean"
    estimate = dissipation["dissipated_energy_mean"]
    with pytest.raises(AttributeError):
        estimate.value = 0.0
    with pytest.raises(AttributeError):
        dissipation.notes = ()
    with pytest.raises(TypeError):
        dissipation.maps["dissipated_energy"] = None
    with pytest.raises(ValueError, match="read-only"):
        dissipation.maps["dissipated_energy"].values[:] = 0
    with pytest.raises(KeyError, match="dissipated_energy_mean"):
        dissipation["dissipated_energy"]


def test_estimates_change_their_unit_with_their_errors(dissipation: amorph.Result) -> None:
    joules = dissipation["dissipated_energy_mean"]
    volts = joules.to("eV")
    charge = 1.602176634e-19
    assert volts.value == pytest.approx(joules.value / charge)
    assert float(volts) == volts.value
    for name in ("std_error", "systematic_error"):
        before, after = getattr(joules, name), getattr(volts, name)
        assert (before is None) == (after is None)
        if before is not None:
            assert after == pytest.approx(before / charge)
    if joules.interval is not None:
        assert tuple(volts.interval) == pytest.approx(tuple(end / charge for end in joules.interval))
    with pytest.raises(amorph.UnitError, match="a length"):
        joules.to("nm")
    assert "eV" in str(joules) and str(joules.to("eV")) == str(joules)
    assert "interval" in str(joules.to("J")) and str(joules.to("J")).endswith(" J")


def test_an_offset_does_not_widen_an_interval(dissipation: amorph.Result) -> None:
    import dataclasses

    kelvin = dataclasses.replace(
        dissipation["dissipated_energy_mean"], value=300.0, unit="K", std_error=2.0, systematic_error=None, interval=None
    )
    celsius = kelvin.to("degC")
    assert celsius.value == pytest.approx(26.85)
    assert celsius.std_error == pytest.approx(2.0)


def test_results_are_equal_when_everything_in_them_is(dissipation: amorph.Result, phase: amorph.Map) -> None:
    assert pickle.loads(pickle.dumps(dissipation)) == dissipation
    assert copy.deepcopy(dissipation) == dissipation
    assert hash(pickle.loads(pickle.dumps(dissipation))) == hash(dissipation)
    other = amorph.afm.topography([amorph.Map(phase.values, "height", "nm", 320, 320, "nm")])
    assert other != dissipation


def test_the_provenance_is_enough_to_make_it_again(dissipation: amorph.Result, phase: amorph.Map) -> None:
    made = dissipation.provenance
    constants = {constant["key"]: constant["value"] for constant in made.constants}
    again = amorph.afm.Dissipation(**made.parameters).run(phase, seed=made.seed, **constants)
    assert dict(again) == dict(dissipation)
    assert made.amorph_version == amorph.__version__
    assert len(made.inputs[0]["sha256"]) == 64
    with pytest.raises(TypeError):
        made.parameters["form"] = "lu2016"


def test_estimates_become_a_data_frame(dissipation: amorph.Result) -> None:
    pytest.importorskip("pandas")
    frame = dissipation.to_dataframe()
    assert list(frame.index) == list(dissipation)
    for key, estimate in dissipation.items():
        assert frame.loc[key, "value"] == estimate.value
        assert math.isnan(frame.loc[key, "lo"]) == (estimate.interval is None)
        assert (frame.loc[key, "no_interval"] == "") == (estimate.interval is not None)


def test_a_missing_library_is_named(dissipation: amorph.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    original = builtins.__import__

    def without_pandas(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "pandas":
            raise ImportError(name)
        return original(name, *rest, **more)

    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setattr(builtins, "__import__", without_pandas)
    with pytest.raises(ImportError, match="pip install pandas"):
        dissipation.to_dataframe()


def test_every_figure_is_drawn(dissipation: amorph.Result, height: amorph.Map, phase: amorph.Map) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    results = [dissipation, amorph.afm.topography([height, phase])]
    drawn = 0
    for result in results:
        assert result.figures
        for key in result.figures:
            figure = result.plot(key)
            figure.canvas.draw()
            panels = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
            assert len(panels) == len(result._figure(key)["panels"])
            for axes, panel in zip(panels, result._figure(key)["panels"], strict=True):
                assert axes.has_data() or not panel["marks"]
                assert axes.get_xscale() == panel["x"]["scale"]
            drawn += 1
            pyplot.close(figure)
    assert drawn >= 2
    with pytest.raises(amorph.AmorphError, match="no figure 'absent'"):
        dissipation.plot("absent")


def test_every_mark_is_drawn_in_the_unit_of_its_axis() -> None:
    """One panel with all marks, in nanometres; the specification is in metres."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    from amorph import _plot

    named = {"name": "mark", "role": "data"}
    x = [1e-9, 2e-9, 3e-9]
    panel = {
        "title": "",
        "x": {"label": "x", "unit": "nm", "scale": "linear", "range": [0.0, 4e-9], "categories": []},
        "y": {"label": "y", "unit": "", "scale": "linear", "range": None, "categories": []},
        "equal_aspect": False,
        "marks": [
            {"mark": "line", **named, "x": x, "y": [1.0, None, 3.0], "dashed": True},
            {"mark": "points", **named, "x": x, "y": [1.0, 2.0, 3.0], "y_interval": [[0.5, 2.5]] * 3, "x_interval": []},
            {"mark": "band", **named, "x": x, "lo": [0.0, 0.0, 0.0], "hi": [1.0, 1.0, 1.0]},
            {"mark": "bars", "name": "", "role": {"series": 9}, "edges": x, "heights": [1.0, 2.0]},
            {"mark": "outlines", **named, "polygons": [[[1e-9, 0.0], [2e-9, 0.0], [2e-9, 1.0]]]},
            {"mark": "rule", **named, "axis": "x", "at": 2e-9},
        ],
    }
    figure = _plot.draw({"title": "all", "panels": [panel]}, [], [])
    (axes,) = figure.axes
    assert axes.get_xlim() == pytest.approx((0, 4)) and axes.get_xlabel() == "x (nm)"
    line = axes.get_lines()[0]
    np.testing.assert_allclose(line.get_xdata(), [1, 2, 3])
    assert np.isnan(line.get_ydata()[1])
    (bars,) = [patch for patch in axes.patches if type(patch).__name__ == "StepPatch"]
    np.testing.assert_allclose(bars.get_data().edges, [1, 2, 3])
    assert len(axes.get_legend().get_texts()) == 5
    pyplot.close(figure)


def test_figures_are_also_drawn_as_in_the_report(dissipation: amorph.Result) -> None:
    key = dissipation.figures[0]
    assert dissipation.to_svg(key).startswith("<svg")
    assert dissipation.to_svg(key, theme="dark") != dissipation.to_svg(key)
    assert dissipation.to_png(key).startswith(b"\x89PNG")
    with pytest.raises(amorph.AnalysisError, match="no theme 'sepia'"):
        dissipation.to_svg(key, theme="sepia")


def test_notebooks_show_numbers_notes_and_how_it_was_made(dissipation: amorph.Result) -> None:
    page = dissipation._repr_html_()
    for expected in ("dissipated energy mean", "40 N/m", "power_balance", "eV"):
        assert expected in page
    for note in dissipation.notes:
        assert note.severity in page
    assert page.count("<table>") == page.count("</table>") == 2


def test_text_of_users_is_escaped(phase: amorph.Map) -> None:
    named = amorph.Map(phase.values, "height", "nm", 320, 320, "nm", name="<script>alert(1)</script>")
    page = amorph.afm.topography(named)._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page
