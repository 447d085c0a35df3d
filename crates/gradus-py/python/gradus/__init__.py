"""gradus derives gradients the way a careful author would, and proves them.

>>> import gradus
>>> d = gradus.derive("s = u^T f(W x + b)")
>>> str(d["W"])
'δ xᵀ'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._ask import check, derive, simplify
from ._code import Function
from ._errors import (
    Diagnostic,
    DocumentNameError,
    DocumentSyntaxError,
    DomainError,
    Error,
    InternalError,
    LimitError,
    ShapeError,
    UnsupportedError,
    UsageError,
)
from ._evaluation import Evaluation
from ._gradus import (
    Derivation,
    Derivative,
    Document,
    Equality,
    Note,
    Simplification,
    Step,
    Verdict,
    __version__,
    equal,
)

from ._trace import trace

if TYPE_CHECKING:
    from typing import Any


def from_sympy(expression: Any) -> str:
    """An expression of SymPy as a document; what gradus lacks is refused by its name."""
    from . import _sympy

    return _sympy.from_sympy(expression)


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext gradus`: the magics `%%gradus` and `%gradus`."""
    from ._magic import GradusMagics

    ipython.register_magics(GradusMagics)


__all__ = [
    "Derivation",
    "Derivative",
    "Diagnostic",
    "Document",
    "DocumentNameError",
    "DocumentSyntaxError",
    "DomainError",
    "Equality",
    "Error",
    "Evaluation",
    "Function",
    "InternalError",
    "LimitError",
    "Note",
    "ShapeError",
    "Simplification",
    "Step",
    "UnsupportedError",
    "UsageError",
    "Verdict",
    "check",
    "derive",
    "equal",
    "from_sympy",
    "load_ipython_extension",
    "simplify",
    "trace",
]
