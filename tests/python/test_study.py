"""Whole studies: the same numbers as the command, resumed, stopped, reported."""

from __future__ import annotations

import json
import pickle
import shutil
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import constants_of

import amorph


def test_a_study_gives_what_its_methods_give_one_by_one(study: Path) -> None:
    results = amorph.run(study)
    assert len(results) == 3 and not results.failures
    for result in results.select(method="dafm.dissipation"):
        alone = amorph.afm.dissipation(
            study.with_name(result.item), seed=result.provenance.seed, **constants_of("dafm.dissipation")
        )
        assert dict(alone) == dict(result)
        np.testing.assert_array_equal(
            alone.maps["dissipated_energy"].values, result.maps["dissipated_energy"].values
        )
    assert {result.state for result in results} == {"as-deposited"}
    assert [result.item for result in results] == ["site_1.npy", "site_2.npy", "site_3.npy"]
    assert pickle.loads(pickle.dumps(results))[0] == results[0]


def test_a_comparison_of_a_study_can_be_made_again(study: Path) -> None:
    text = study.read_text()
    first, rest = text.split("[[measurement]]")
    first += '  [[sample.state]]\n  id = "annealed"\n\n'
    second = rest.replace('"as-deposited"', '"annealed"').replace("12 nm", "11 nm")
    study.write_text(f'{first}[[measurement]]{rest}\n[[measurement]]{second}\n[compare]\nacross = "state"\n')
    results = amorph.run(study)
    (own,) = results.select(method="compare.states")
    again = amorph.compare.states(results, seed=own.provenance.seed)
    assert dict(again) == dict(own)
    assert {"dissipated_energy_mean@as-deposited", "dissipated_energy_mean@annealed"} <= set(again)


def test_the_command_gives_the_same(study: Path, tmp_path: Path) -> None:
    built = Path(__file__).resolve().parents[2] / "target" / "debug" / "amorph"
    command = str(built) if built.is_file() else shutil.which("amorph")
    if command is None:
        pytest.skip("the command is not built: cargo build -p amorph-cli")
    by_command = subprocess.run(
        [command, "run", str(study), "--no-report", "--json"], capture_output=True, text=True, check=True
    )
    dossier = json.loads(by_command.stdout)
    shutil.rmtree(study.with_suffix(".amorph"))
    results = amorph.run(study)
    assert len(dossier["results"]) == len(results) == 3
    for record, result in zip(dossier["results"], results, strict=True):
        assert record["job"] == result.job
        found = {estimate["key"]: estimate["value"] for estimate in record["outcome"]["estimates"]}
        assert found == {key: estimate.value for key, estimate in result.items()}


def test_progress_is_told_and_finished_work_is_not_done_again(study: Path) -> None:
    told: list[amorph.Progress] = []
    first = amorph.run(study, jobs=2, progress=told.append)
    assert told[0] == amorph.Progress("planned", 0, "", 0, 3)
    assert sum(progress.event == "finished" for progress in told) == 3
    assert any("site_2.npy" in progress.text for progress in told if progress.event == "started")
    again: list[amorph.Progress] = []
    second = amorph.run(study, progress=again.append)
    assert again == [amorph.Progress("planned", 0, "", 3, 3)]
    assert list(first) == list(second)


def test_progress_on_standard_error(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    amorph.run(study, progress=True)
    assert "3 of 3 results" in capsys.readouterr().err


def test_what_the_callback_raises_stops_the_run(study: Path) -> None:
    def stop(progress: amorph.Progress) -> None:
        if progress.event == "finished":
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        amorph.run(study, jobs=1, progress=stop)
    rest: list[amorph.Progress] = []
    assert len(amorph.run(study, progress=rest.append)) == 3
    assert rest[0].done == 1


def test_ctrl_c_stops_a_run_and_the_next_one_resumes(study: Path) -> None:
    finished: list[amorph.Progress] = []

    def interrupt(progress: amorph.Progress) -> None:
        if progress.event == "finished":
            finished.append(progress)
            signal.raise_signal(signal.SIGINT)
            # Longer than Ctrl-C is looked for.
            signal.sigtimedwait([], 0.3)

    # A process started in the background ignores Ctrl-C unless told otherwise.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            amorph.run(study, jobs=1, progress=interrupt)
    finally:
        signal.signal(signal.SIGINT, usual)
    assert 1 <= len(finished) < 3
    assert len(amorph.run(study)) == 3


def test_overrides_are_applied_and_recorded(study: Path) -> None:
    override = 'method.dafm.dissipation.form="lu2016"'
    results = amorph.run(study, set=[override])
    assert {result.provenance.parameters["form"] for result in results} == {"lu2016"}
    assert all(result.provenance.overrides == (override,) for result in results)


def test_every_mistake_of_a_study_has_its_place(study: Path) -> None:
    text = study.read_text().replace("quality_factor", "quality_faktor").replace('"40 N/m"', '"40 nm"')
    study.write_text(text)
    with pytest.raises(amorph.StudyError) as raised:
        amorph.run(study)
    problems = {problem.message.split("'")[1] if "'" in problem.message else "": problem for problem in raised.value.problems}
    assert len(raised.value.problems) == 2
    lines = text.splitlines()
    for problem in raised.value.problems:
        line = lines[problem.line - 1]
        assert "quality_faktor" in line or "40 nm" in line
    assert "quality_factor" in problems["quality_faktor"].hint
    assert problems["quality_faktor"].column == 1
    assert f"line {problems['quality_faktor'].line}, column 1" in str(raised.value)
    assert pickle.loads(pickle.dumps(raised.value)).problems == raised.value.problems


def test_a_study_that_is_not_there() -> None:
    with pytest.raises(amorph.FileError, match=r"absent\.toml"):
        amorph.run("absent.toml")


def test_failures_are_listed_with_their_remedy(study: Path) -> None:
    study.write_text(study.read_text().replace('free_amplitude = "20 nm"', ""))
    results = amorph.run(study)
    assert len(results) == 0 and len(results.failures) == 3
    assert "free_amplitude" in results.failures[0].message and "free_amplitude" in results.failures[0].hint
    assert "without a result" in results._repr_html_()


def test_estimates_of_a_study_become_one_data_frame(study: Path) -> None:
    pytest.importorskip("pandas")
    results = amorph.run(study)
    frame = results.to_dataframe()
    assert len(frame) == sum(len(result) for result in results)
    means = frame[frame.key == "dissipated_energy_mean"]
    assert list(means["item"]) == ["site_1.npy", "site_2.npy", "site_3.npy"]
    assert list(means["value"]) == [result["dissipated_energy_mean"].value for result in results]


def test_reports_are_written_beside_the_study_or_elsewhere(study: Path, tmp_path: Path) -> None:
    results = amorph.run(study)
    beside = results.report()
    assert beside == study.with_suffix(".html")
    page = beside.read_text(encoding="utf-8")
    assert "Three sites" in page and page.startswith("<!DOCTYPE html>")
    assert amorph.report(study, output=tmp_path / "other.html").read_text(encoding="utf-8") == page
    with pytest.raises(amorph.FileError, match="cannot write"):
        amorph.report(study, output=tmp_path / "no" / "folder.html")
