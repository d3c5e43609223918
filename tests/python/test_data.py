"""Maps, tables and files."""

from __future__ import annotations

import hashlib
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from conftest import height_map, phase_map, write_map

import amorph
from amorph import _wire


def test_maps_are_copies_that_cannot_be_changed() -> None:
    values = np.zeros((8, 9))
    shown = amorph.Map(values, "height", "nm", x_size=9, y_size=8, xy_unit="nm")
    values[0, 0] = 1
    assert shown.values[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        shown.values[0, 0] = 1
    assert shown.shape == (8, 9)
    assert "9 x 8 pixels" in repr(shown)


def test_an_array_is_sent_and_hashed_without_a_copy_in_python() -> None:
    scan = np.arange(1 << 22, dtype=np.uint16).reshape(64, 64, 32, 32)
    dataset = _wire.empty("scan")
    tracemalloc.start()
    try:
        _wire.add(dataset, scan)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < scan.nbytes // 8
    assert np.shares_memory(dataset["scans"][0], scan)
    assert dataset["sources"][0][1] == hashlib.sha256(scan.tobytes()).hexdigest()
    # Every other row lies apart in memory: the digest is that of the numbers in order.
    apart = _wire.empty("apart")
    _wire.add(apart, scan[::2])
    assert apart["sources"][0][1] == hashlib.sha256(scan[::2].tobytes()).hexdigest()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": np.zeros(4)}, "two dimensions"),
        ({"x_size": 1.0}, "belong together"),
        ({"x_size": -1.0, "y_size": 1.0}, "positive"),
        ({"unit": "nmm"}, "nmm"),
        ({"mask": np.zeros((2, 2))}, "mask has the shape"),
    ],
)
def test_wrong_maps_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        amorph.Map(**{"values": np.zeros((8, 8)), "quantity": "height", "unit": "nm"} | arguments)


def test_units_are_converted_with_their_dimension_checked() -> None:
    shown = height_map()
    np.testing.assert_allclose(shown.to("m").values, shown.values * 1e-9, rtol=1e-15)
    with pytest.raises(amorph.UnitError, match="an energy"):
        shown.to("eV")


def test_maps_survive_xarray() -> None:
    xarray = pytest.importorskip("xarray")
    shown = height_map()
    array = shown.to_xarray()
    assert array.attrs["units"] == "nm" and array.dims == ("y", "x")
    # Row 0 is the top: y falls.
    assert float(array.y[0]) == pytest.approx(320 - 1.25)
    back = amorph.Map.from_xarray(array)
    np.testing.assert_array_equal(back.values, shown.values)
    assert (back.x_size, back.y_size, back.xy_unit) == (pytest.approx(320), pytest.approx(320), "nm")
    upside_down = amorph.Map.from_xarray(array.isel(y=slice(None, None, -1)).transpose("x", "y"))
    np.testing.assert_array_equal(upside_down.values, shown.values)
    direct = amorph.afm.topography(array)
    assert direct["roughness_rms"].value == pytest.approx(amorph.afm.topography(shown)["roughness_rms"].value, rel=1e-9)
    both = xarray.Dataset({"height": array, "phase": phase_map().to_xarray()})
    assert "crosstalk_r2" in amorph.afm.topography(both)


def test_xarrays_that_do_not_say_enough_are_refused() -> None:
    xarray = pytest.importorskip("xarray")
    with pytest.raises(ValueError, match="what it shows"):
        amorph.Map.from_xarray(xarray.DataArray(np.zeros((8, 8)), dims=("y", "x")))
    with pytest.raises(ValueError, match="unit"):
        amorph.Map.from_xarray(xarray.DataArray(np.zeros((8, 8)), dims=("y", "x"), name="height"))
    array = height_map().to_xarray().copy()
    uneven = array.assign_coords(x=("x", np.geomspace(1, 2, array.sizes["x"]), {"units": "nm"}))
    with pytest.raises(ValueError, match="evenly spaced"):
        amorph.Map.from_xarray(uneven)


def test_masked_pixels_are_missing_in_arrays() -> None:
    shown = amorph.Map(np.ma.masked_less(np.eye(8), 0.5), "height", "nm")
    assert np.isnan(np.asarray(shown)).sum() == 56
    assert np.isfinite(shown.values).all()


def test_tables_survive_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"time": [0.0, 1.0], "label": ["a", "b"]})
    table = amorph.Table.from_dataframe(frame, {"time": "s"})
    assert len(table) == 2 and [column.unit for column in table] == ["s", ""]
    back = table.to_dataframe()
    assert back.attrs["units"]["time"] == "s"
    pandas.testing.assert_frame_equal(back.astype({"label": "str"}), frame.astype({"label": "str"}), check_dtype=False)
    with pytest.raises(KeyError, match="tyme"):
        amorph.Table.from_dataframe(frame, {"tyme": "s"})
    with pytest.raises(KeyError, match="time, label"):
        table["force"]


def test_files_are_opened_and_run_as_they_are(tmp_path: Path) -> None:
    shown = height_map()
    file = amorph.open(write_map(tmp_path / "height.npy", shown))
    assert (file.format, file.kind, len(file.sha256)) == ("npy", "maps", 64)
    (only,) = file.maps
    assert (only.quantity, only.unit, only.x_size) == ("height", "m", pytest.approx(320e-9))
    np.testing.assert_allclose(only.values, shown.values * 1e-9, rtol=1e-15)
    assert file["height"] is only and file[0] is only
    with pytest.raises(KeyError, match="height"):
        file["phase"]
    of_file = amorph.afm.topography(file)
    assert of_file.item == "height.npy"
    assert of_file.provenance.inputs[0]["sha256"] == file.sha256
    # A path, the map of the file, and the map it was written from say the same.
    assert amorph.afm.topography(tmp_path / "height.npy") == of_file
    assert dict(amorph.afm.topography(only)) == dict(of_file)
    assert amorph.afm.topography(shown)["roughness_rms"].value == pytest.approx(of_file["roughness_rms"].value, rel=1e-12)
    assert pickle.loads(pickle.dumps(file)).sha256 == file.sha256
    assert "height.npy" in repr(file) and "height" in file._repr_html_()


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(amorph.FileError, match=r"absent\.spm"):
        amorph.open(tmp_path / "absent.spm")
    (tmp_path / "empty.spm").touch()
    with pytest.raises(amorph.FileError, match="is empty"):
        amorph.open(tmp_path / "empty.spm")


def test_an_instrument_file(shared: Path) -> None:
    file = amorph.open(shared / "afm" / "AR_20211011.ibw")
    assert file.format == "ibw"
    assert {shown.quantity for shown in file.maps} >= {"height", "phase"}
    stated = {constant.key: constant for constant in file.constants}
    assert stated["resonance_frequency"].value.endswith("Hz")
    assert any(entry.key == "SpringConstant" for entry in file.metadata)
    result = amorph.afm.topography(file)
    assert 0 < result["roughness_rms"].value < 1e-6


def test_traces_come_as_tests_with_tables(tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    path.write_text("t;F\n" + "".join(f"{0.1 * row:.1f};{row}\n" for row in range(30)))
    said = {"time": {"column": 1, "unit": "s"}, "load": {"column": "F", "unit": "mN"}}
    file = amorph.open(path, columns=said)
    (test,) = file.tests
    assert file.kind == "traces"
    assert test.measurement["load"][3] == pytest.approx(3e-3)
    frame = test.to_dataframe()
    assert list(frame.columns) == ["time", "load"]
    assert frame.attrs["units"] == {"time": "s", "load": "N"}
    with pytest.raises(amorph.FileError, match="columns = "):
        amorph.open(path, columns={"time": 1, "load": "F"})
