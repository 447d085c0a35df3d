"""gradus derives gradients the way a careful author would, and proves them.

>>> import gradus
>>> d = gradus.derive("s = u^T f(W x + b)")
>>> str(d["W"])
'δ xᵀ'
"""

from ._ask import check, derive, simplify
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
    "simplify",
]
