"""Derivations at arrays: gradus evaluates what it printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ._errors import UsageError

if TYPE_CHECKING:
    from ._gradus import Derivation

Values = np.ndarray[Any, np.dtype[np.float64]]


class Evaluation(Mapping[str, Values]):
    """The value of what is differentiated, and the derivatives by their targets."""

    def __init__(self, value: Values | None, derivatives: list[Values | None], targets: list[str]) -> None:
        #: the value of what is differentiated; None where it holds a function of arrays that nobody defines
        self.value = value
        #: the values of the derivatives, in their order
        self.derivatives = derivatives
        self._places = {target: i for i, target in reversed(list(enumerate(targets)))}

    def __getitem__(self, target: str) -> Values:
        value = self.derivatives[self._places[target]]
        if value is None:
            raise KeyError(f"the derivative by {target} has no value: it holds a function that nobody defines")
        return value

    def __iter__(self) -> Iterator[str]:
        return reversed(list(self._places))

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        lines = [f"value: {self.value}"]
        for target, place in reversed(list(self._places.items())):
            lines.append(f"by {target}:\n{self.derivatives[place]}")
        return "\n".join(lines)


def evaluate(derivation: Derivation, values: Mapping[str, Any] | None, named: Mapping[str, Any] | None) -> Evaluation:
    """The derivation at these values; sizes come from the arrays."""
    given = {**(values or {}), **(named or {})}
    functions = {name: value for name, value in given.items() if isinstance(value, str)}
    arrays = {name: _array(name, value) for name, value in given.items() if name not in functions}
    value, derivatives = derivation._evaluate(arrays, functions)
    return Evaluation(value, derivatives, [one.target for one in derivation])


def _array(name: str, value: Any) -> Values:
    """The array itself where it is of float64 and lies row by row."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise UsageError(f"the value of {name} is of the type {array.dtype}: it must be an array of real numbers")
    return np.asarray(array, dtype=np.float64, order="C")
