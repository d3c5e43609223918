"""Structural heterogeneity of amorphous alloys, from instrument file to physical parameter with an honest interval.

>>> import amorph
>>> scan = amorph.open("scan.spm")                              # doctest: +SKIP
>>> energy = amorph.afm.dissipation(scan, spring_constant="40 N/m", quality_factor=700)  # doctest: +SKIP
>>> energy["dissipated_energy_mean"].to("eV")                   # doctest: +SKIP
>>> amorph.run("study.toml").to_dataframe()                     # doctest: +SKIP

Every method is a typed dataclass and a function: `amorph.afm.Dissipation(form="lu2016").run(scan)` and
`amorph.afm.dissipation(scan, form="lu2016")` are the same. Results cannot be changed; values are in SI.
"""

from . import methods as _methods, theory as theory
from ._method import Method, formats as list_formats, methods as list_methods, techniques as list_techniques, version as _version
from ._types import After, Channels, Data, Quantity, Results, StudyResults, Truth
from .errors import AmorphError, AnalysisError, FileError, Problem, StudyError, UnitError
from .files import Constant, File, MetadataEntry, open
from .maps import Map
from .methods import *  # noqa: F403  (the families, as generated)
from .published import Literature, LiteratureValue, Source, literature
from .records import TraceChannel, TraceRepair, TraceSegment, TraceTable, TraceTest
from .results import Covariance, Estimate, Interval, Note, Provenance, Result
from .study import Failure, Progress, State, Study, report, run
from .synthesis import card
from .tables import Column, Table

__version__ = _version()

__all__ = [
    "After",
    "AmorphError",
    "AnalysisError",
    "Channels",
    "Column",
    "Constant",
    "Covariance",
    "Data",
    "Estimate",
    "Failure",
    "File",
    "FileError",
    "Interval",
    "Literature",
    "LiteratureValue",
    "Map",
    "MetadataEntry",
    "Method",
    "Note",
    "Problem",
    "Progress",
    "Provenance",
    "Quantity",
    "Result",
    "Results",
    "Source",
    "State",
    "Study",
    "StudyError",
    "StudyResults",
    "Table",
    "TraceChannel",
    "TraceRepair",
    "TraceSegment",
    "TraceTable",
    "TraceTest",
    "Truth",
    "UnitError",
    "card",
    "list_formats",
    "list_methods",
    "list_techniques",
    "literature",
    "open",
    "report",
    "run",
    "theory",
    *_methods.__all__,
]
