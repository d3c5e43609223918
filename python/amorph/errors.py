"""What can go wrong, with the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class AmorphError(Exception):
    """Base of all errors: `message` says what was found and needed, `hint` what to do."""

    message: str
    hint: str

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class AnalysisError(AmorphError):
    """A method that gives no result: constants are missing, or the data cannot support it."""


class UnitError(AmorphError, ValueError):
    """A unit that is not known, or of another dimension than the one needed."""


class FileError(AmorphError):
    """A file that cannot be read or written."""


@dataclass(frozen=True)
class Problem:
    """One mistake in a study."""

    line: int
    column: int
    message: str
    hint: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: {self.message}"
        return f"{place}\n    {self.hint}" if self.hint else place


class StudyError(AmorphError):
    """A study with mistakes; `problems` lists all of them."""

    problems: tuple[Problem, ...]

    def __init__(self, message: str, problems: Sequence[tuple[int, int, str, str]] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(Problem(*problem) for problem in problems)
        self.args = (message, tuple(problems))

    def __str__(self) -> str:
        return "\n".join([self.message, *(str(problem) for problem in self.problems)])
