"""Derivations as functions: the code that `gradus code` writes, compiled."""

from __future__ import annotations

import linecache
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._gradus import Derivation


class Function:
    """A derivation as a function of arrays: called, it gives the value and a dict of the derivatives."""

    def __init__(self, module: types.ModuleType, source: str, target: str) -> None:
        #: the file `gradus code` writes
        self.source = source
        #: numpy, jax or torch
        self.target = target
        #: everything in it
        self.module = module
        #: the names of the arguments, in their order
        self.inputs: tuple[str, ...] = tuple(module.INPUTS)
        self.__doc__ = module.__doc__

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.module.value_and_grad(*arguments, **named)

    def value(self, *arguments: Any, **named: Any) -> Any:
        """The value alone; for JAX and PyTorch it is differentiated by the rules that gradus found."""
        return self.module.value(*arguments, **named)

    def check_gradient(self, *arguments: Any, **named: Any) -> Any:
        """How far each derivative is from central differences."""
        return self.module.check_gradient(*arguments, **named)

    def __repr__(self) -> str:
        return f"<gradus.Function for {self.target} of {', '.join(self.inputs)}>"


def compiled(derivation: Derivation, target: str) -> Function:
    """The function for a target; the package it is for must be installed."""
    source = derivation.code(target)
    name = f"<gradus {target} {abs(hash(source)):x}>"
    module = types.ModuleType(name)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), module.__dict__)
    return Function(module, source, target)
