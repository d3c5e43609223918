"""TDMS as npTDMS writes it: groups, appended segments, integers with a linear scale, single precision, strings as head."""

from pathlib import Path

import numpy as np
import pytest

import amorph

nptdms = pytest.importorskip("nptdms", reason="npTDMS is not installed: pip install npTDMS")

ROWS = 500


def test_a_set_by_nptdms_has_identical_values(tmp_path: Path) -> None:
    from nptdms import ChannelObject, GroupObject, RootObject, TdmsWriter

    time = np.arange(2 * ROWS) * 1e-3
    load = (np.linspace(0, 1000, 2 * ROWS)).astype(np.float32)
    depth = np.linspace(0, 80, 2 * ROWS)
    raw = (np.arange(2 * ROWS) % 3000).astype(np.int16)
    scale = {
        "NI_Number_Of_Scales": 1,
        "NI_Scale[0]_Scale_Type": "Linear",
        "NI_Scale[0]_Linear_Slope": 2e-9,
        "NI_Scale[0]_Linear_Y_Intercept": 1e-6,
        "NI_Scale[0]_Linear_Input_Source": 0xFFFFFFFF,
    }
    path = tmp_path / "set.tdms"
    for part, mode in ((slice(0, ROWS), "w"), (slice(ROWS, None), "a")):
        with TdmsWriter(str(path), mode=mode) as writer:
            writer.write_segment(
                [
                    RootObject(properties={"operator": "nobody"}),
                    GroupObject("press", properties={"voltage_V": 5.0}),
                    ChannelObject("press", "Time", time[part], properties={"unit_string": "s"}),
                    ChannelObject("press", "Load", load[part], properties={"unit_string": "uN"}),
                    ChannelObject("press", "Depth", depth[part], properties={"unit_string": "nm"}),
                    ChannelObject("press", "Current", raw[part], properties={"unit_string": "A", **scale}),
                ]
            )
    file = amorph.open(path)
    (test,) = file.tests
    found = test.measurement
    np.testing.assert_array_equal(found["time"], time)
    np.testing.assert_array_equal(found["load"], load.astype(float) * 1e-6)
    np.testing.assert_allclose(found["depth"], depth * 1e-9, rtol=1e-15)
    np.testing.assert_allclose(found["current"], raw * 2e-9 + 1e-6, rtol=1e-15)
    assert any(entry.key == "operator" and entry.value == "nobody" for entry in file.metadata)
