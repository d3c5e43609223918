"""The types that editors and checkers see."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import amorph
from amorph import _amorph

GOOD = """
import amorph

def analyse(path: str) -> float:
    scan = amorph.open(path)
    energy = amorph.afm.dissipation(scan, form="lu2016", spring_constant=(40, "N/m"), quality_factor=500)
    method = amorph.afm.Dissipation(phase="corrected")
    corrected: amorph.Result = method.run(scan.maps, after=[amorph.afm.topography(scan)])
    events = amorph.afm.activation_energy([energy, corrected], temperature="298 K", dimensions=[2])
    estimate = events["activation_energy_2d"].to("eV")
    return estimate.interval.lo if estimate.interval else estimate.value
"""

BAD = """
import amorph

amorph.afm.dissipation("scan.ibw", form="cleveland")
amorph.afm.Topography(degree="plane")
amorph.afm.topography(3)
amorph.afm.topography("scan.ibw").values["x"]
"""


def mypy(path: Path, cache: Path) -> tuple[int, str]:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=cache)
    return finished.returncode, finished.stdout


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


def test_the_package_itself_is_typed(cache: Path) -> None:
    code, output = mypy(Path(amorph.__file__).parent, cache)
    assert code == 0, output


def test_correct_programs_are_accepted(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "good.py"
    path.write_text(GOOD)
    assert mypy(path, cache) == (0, "Success: no issues found in 1 source file\n")


def test_mistakes_are_found(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(BAD)
    code, output = mypy(path, cache)
    assert code == 1
    found = {int(line.split(":")[1]) for line in output.splitlines() if ": error:" in line}
    assert found == {4, 5, 6, 7}


def test_the_stub_of_the_native_module_is_complete() -> None:
    stub = ast.parse(Path(amorph.__file__).with_name("_amorph.pyi").read_text())
    declared = {
        node.name: [argument.arg for argument in node.args.args] for node in stub.body if isinstance(node, ast.FunctionDef)
    }
    functions = {name: found for name, found in vars(_amorph).items() if inspect.isbuiltin(found)}
    assert {name: list(inspect.signature(found).parameters) for name, found in functions.items()} == declared
    (native,) = (node for node in stub.body if isinstance(node, ast.ClassDef) and node.name == "NativeFile")
    methods = {node.name for node in native.body if isinstance(node, ast.FunctionDef)}
    assert methods == {name for name in vars(_amorph.NativeFile) if not name.startswith("_")}


def test_everything_that_is_offered_is_there() -> None:
    for name in amorph.__all__:
        assert getattr(amorph, name) is not None
