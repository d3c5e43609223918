"""How results look in a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from .results import Estimate, Note, Result

if TYPE_CHECKING:
    from .files import File
    from .study import Study

#: Colours that are legible on light and dark ground.
SEVERITY = {"info": "#3a7ca5", "warning": "#b7791f", "refused": "#b83232"}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of escaped text."""
    cells = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in cells_of_row) + "</tr>"
        for cells_of_row in rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _notes(notes: Iterable[Note]) -> str:
    lines = [
        f'<li><span style="color:{SEVERITY[note.severity]}">{escape(note.severity)}</span> {escape(note.message)}</li>'
        for note in notes
    ]
    return f'<ul style="margin:0.4em 0">{"".join(lines)}</ul>' if lines else ""


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{body}</details>"


def _estimate_row(estimate: Estimate) -> tuple[str, str, str, str]:
    text, _, interval = estimate.text.partition(", ")
    if estimate.interval is None:
        interval = estimate.no_interval or ""
    return estimate.key.replace("_", " "), estimate.symbol, text, interval


def _place(result: Result) -> str:
    return " · ".join(part for part in (result.sample, result.state, result.item) if part)


def result_page(result: Result) -> str:
    """Heading, estimates, notes, and how it was made."""
    place = _place(result)
    head = f"<strong>{escape(result.method)}</strong>" + (f" {escape(place)}" if place else "")
    estimates = table(("quantity", "symbol", "value", "interval"), map(_estimate_row, result.values()))
    listed = [f"figures: {', '.join(result.figures)}" if result.figures else ""]
    listed.append(f"maps: {', '.join(result.maps)}" if result.maps else "")
    listed.append(f"tables: {', '.join(result.tables)}" if result.tables else "")
    contents = "".join(f"<div>{escape(line)}</div>" for line in listed if line)
    return f"<div><div>{head}</div>{estimates}{_notes(result.notes)}{contents}{_provenance(result)}</div>"


def _provenance(result: Result) -> str:
    made = result.provenance
    rows = [("Amorph", made.amorph_version), ("version of the method", str(made.method_version)), ("seed", str(made.seed))]
    rows += [(key, str(value)) for key, value in made.parameters.items()]
    rows += [(constant["key"], f"{constant['value']} ({constant['origin']})") for constant in made.constants]
    rows += [(source["path"], f"sha256 {source['sha256']}") for source in made.inputs]
    return _folded("how it was made", table(("", ""), rows))


def study_page(study: Study) -> str:
    """Estimates of all results, and what failed."""
    rows = [
        (_place(result), result.method, *_estimate_row(estimate)) for result in study for estimate in result.values()
    ]
    estimates = table(("where", "method", "quantity", "symbol", "value", "interval"), rows)
    failures = "".join(f"<li>{escape(str(failure))}</li>" for failure in study.failures)
    failed = f"<div>without a result:</div><ul>{failures}</ul>" if failures else ""
    return f"<div><strong>{escape(study.title)}</strong>{_notes(study.notes)}{estimates}{failed}</div>"


def file_page(file: File) -> str:
    """Maps, constants, and what the reader noticed."""
    head = f"<strong>{escape(file.path.name)}</strong> ({escape(file.format)}, {escape(file.kind)})"
    rows = [
        (str(index), shown.name, shown.quantity, shown.direction or "", shown.unit, f"{shown.shape[1]} x {shown.shape[0]}")
        for index, shown in enumerate(file.maps)
    ]
    listed = table(("", "name", "quantity", "direction", "unit", "pixels"), rows) if rows else ""
    found = [(constant.key, constant.value, constant.place, constant.placeholder or "") for constant in file.constants]
    constants = _folded("constants", table(("key", "value", "where", "not believed because"), found)) if found else ""
    return f"<div>{head}{listed}{constants}{_notes(file.notes)}</div>"
