"""Published values and heterogeneity cards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import amorph

EXAMPLE = Path(__file__).resolve().parents[2] / "crates" / "amorph" / "src" / "synthesis" / "zr_ni_films.toml"


def test_published_values_are_found_by_alloy_and_quantity() -> None:
    found = amorph.literature(alloy="Ni30Zr70", quantity="activation_energy")
    assert [value.id for value in found] == ["LIT004", "LIT005", "LIT006"]
    assert found[1].value == 0.62 and found[1].unit == "eV" and found[1].source.tag == "L16"
    assert isinstance(found[:2], amorph.Literature) and len(found[:2]) == 2
    pytest.importorskip("pandas")
    frame = found.to_dataframe()
    assert list(frame["source"]) == ["Lu et al. 2016"] * 3
    assert frame.loc[0, "lo"] == 0.3


def test_an_unknown_name_suggests_near_ones() -> None:
    with pytest.raises(amorph.AnalysisError, match="activation_energy"):
        amorph.literature(quantity="activation_enery")


def test_a_users_own_values_stand_after_the_others(tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_text("quantity,alloy,value,unit,paper\ncorrelation_length,Zr50Cu50,3.1,nm,Doe 2024\n")
    assert amorph.literature(alloy="Zr50Cu50", file=own)[-1].value == 3.1
    own.write_text("quantity,alloy,value,unit,paper\ncorrelation_length,Zr50Cu50,three,nm,Doe 2024\n")
    with pytest.raises(amorph.FileError, match="line 2, column value"):
        amorph.literature(file=own)


def test_a_card_says_what_agrees_and_what_does_not() -> None:
    card = amorph.card(EXAMPLE)
    assert card.method == "compare.synthesis"
    assert "activation_volume" in card
    assert set(card.tables) == {"findings", "consistency", "cross_links", "missing_measurements"}
    verdicts = dict(zip(card.tables["cross_links"]["link"], card.tables["cross_links"]["verdict"], strict=True))
    assert verdicts["X18"] == "disagree" and verdicts["X9"] == "agree"
    pytest.importorskip("pandas")
    assert "activation_volume" in card.to_dataframe().index
    assert "verdict" in card.tables["findings"].to_dataframe()


def test_mistakes_in_a_card_have_a_place(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_text(EXAMPLE.read_text().replace('quantity = "event_volume"', 'quantity = "event_volum"'))
    with pytest.raises(amorph.StudyError) as caught:
        amorph.card(path)
    (problem,) = caught.value.problems
    assert problem.line > 10 and "event_volume" in problem.hint


def test_results_and_a_card_file_meet(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_text(
        '[card]\ntitle = "published"\n\n[[finding]]\nid = "spikes elsewhere"\nquantity = "avalanche_exponent"\n'
        'value = 1.5\nstd_error = 0.1\ntechnique = "resistance"\nalloy = "Zr55Cu30Ni5Al10"\n'
    )
    rng = np.random.default_rng(4)
    sizes = 1e-4 * (1.0 - rng.random(3000)) ** (-1.0 / 0.5)
    pandas = pytest.importorskip("pandas")
    own = amorph.events.size_distribution(pandas.DataFrame({"size": sizes}), column="size", xmin=1e-4, bootstrap=100)
    card = amorph.compare.synthesis({"pressed": [own]}, card=path, alloys={"pressed": "Zr55Cu30Ni5Al10"})
    assert "avalanche_exponent" in card
    assert len(card.tables["findings"]["finding"]) == 2
    with pytest.raises(amorph.FileError, match="nowhere.toml"):
        amorph.compare.synthesis({"pressed": [own]}, card=tmp_path / "nowhere.toml")
