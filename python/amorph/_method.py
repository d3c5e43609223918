"""Base of the generated methods."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

from . import _amorph, _wire
from .results import Estimate, Result


class Method:
    """A method with its parameters: a frozen dataclass that reads as a sentence.

    Parameters are checked when it is made; `run` does the work without the interpreter lock.
    """

    ID: ClassVar[str]

    def __post_init__(self) -> None:
        _amorph.canonical(self.ID, self._parameters())

    @classmethod
    def info(cls) -> Mapping[str, Any]:
        """Title, summary, page (`doc`), constants, outputs, references and schema."""
        return methods()[cls.ID]

    def _parameters(self) -> str:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        return json.dumps({field.name: _plain(getattr(self, field.name)) for field in fields})

    def _run(
        self,
        subject: Any,
        *,
        seed: int,
        constants: Mapping[str, Any] | None = None,
        channels: Mapping[str, int | str] | None = None,
        after: Any = (),
        truth: Mapping[str, Mapping[str, Any]] | None = None,
        alloys: Mapping[str, str] | None = None,
        card: str | os.PathLike[str] | None = None,
    ) -> Result:
        dataset = _wire.empty("")
        scope = self.info()["scope"]
        state = ""
        if scope == "item":
            _wire.add(dataset, subject)
            _wire.add_results(dataset, _wire.as_results(after))
        elif isinstance(subject, Mapping) and not isinstance(subject, Result):
            for name, results in subject.items():
                _wire.add_results(dataset, _wire.as_results(results), name)
        else:
            # Comparisons over a study are not results of a state.
            of_states = (used for used in _wire.as_results(subject) if methods()[used.method]["scope"] != "study")
            _wire.add_results(dataset, of_states)
        if scope != "study":
            state = next((used["state"] for used in dataset["upstream"] if used["state"]), "")
        _wire.add_constants(dataset, constants or {})
        _wire.add_channels(dataset, channels)
        _wire.add_truth(dataset, truth)
        dataset["alloys"].extend((alloys or {}).items())
        dataset["card"] = None if card is None else os.fspath(card)
        text, arrays = _amorph.run_method(self.ID, self._parameters(), dataset, seed)
        item = dataset["label"] if scope == "item" else ""
        return Result(text, arrays, state=state, item=item, job=_job(text))


def _job(text: str) -> str:
    """Equal work has equal keys."""
    provenance = json.dumps(json.loads(text)["provenance"], sort_keys=True)
    return hashlib.sha256(provenance.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """A parameter as JSON has it: quantities as people write them, tuples as lists."""
    if isinstance(value, Estimate) or _is_pair(value):
        return _wire.quantity(value)
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    # numpy's numbers.
    return value.item() if hasattr(value, "item") else value


def _is_pair(value: Any) -> bool:
    """`(40, "N/m")`."""
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], str) and not isinstance(value[0], str)


@cache
def _registry() -> dict[str, Any]:
    registry: dict[str, Any] = json.loads(_amorph.registry())
    return registry


def version() -> str:
    """Version of Amorph, as recorded in every provenance."""
    return str(_registry()["version"])


@cache
def methods() -> Mapping[str, Mapping[str, Any]]:
    """Every method by its identifier, with title, summary, constants, outputs, references and schema."""
    return MappingProxyType({method["id"]: MappingProxyType(method) for method in _registry()["methods"]})


@cache
def techniques() -> Mapping[str, Mapping[str, Any]]:
    """Every measuring technique by its name, with the constants of its measurements."""
    return MappingProxyType({found["id"]: MappingProxyType(found) for found in _registry()["techniques"]})


@cache
def formats() -> Mapping[str, Mapping[str, Any]]:
    """Every file format that `open` reads, with its endings, how it is recognised, and where its constants are."""
    return MappingProxyType({found["id"]: MappingProxyType(found) for found in _registry()["formats"]})
