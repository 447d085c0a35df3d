"""The library's page as Python sees it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

from ._code import Function
from ._evaluation import Evaluation, Values

__all__ = [
    "Derivation",
    "Derivative",
    "Document",
    "Equality",
    "Note",
    "Simplification",
    "Step",
    "Verdict",
    "__version__",
    "equal",
]

__version__: str

def equal(left: str, right: str, declarations: str = "") -> Equality:
    """Whether two expressions are equal wherever they are defined; declarations give shapes and facts."""

@final
class Document:
    """A document that was read: every name has a meaning, every term a shape. It is read once and asked often."""

    def __new__(
        cls,
        text: str,
        *,
        wrt: str | Sequence[str] | None = None,
        shapes: Mapping[str, Sequence[int]] | None = None,
        lagrangian: bool = False,
    ) -> Document: ...
    def derive(
        self,
        wrt: str | Sequence[str] | None = None,
        *,
        of: str | None = None,
        form: str | None = None,
        order: int = 1,
        jvp: str | None = None,
        vjp: str | None = None,
        hvp: str | None = None,
        structured: bool = False,
        indices: bool = False,
        inline: bool = False,
        check: bool = True,
        steps: bool = False,
    ) -> Derivation:
        """Derives it."""
    def check(
        self,
        claim: str,
        wrt: str | Sequence[str] | None = None,
        *,
        of: str | None = None,
        form: str | None = None,
        order: int = 1,
        structured: bool = False,
        indices: bool = False,
        steps: bool = False,
    ) -> Verdict:
        """Whether a derivative found by hand is right."""
    def equal(self, left: str, right: str) -> Equality:
        """Whether two expressions are equal wherever they are defined, by what the document declares and defines."""
    def simplify(
        self, *, of: str | None = None, inline: bool = False, check: bool = True, steps: bool = False
    ) -> Simplification:
        """Tidies the last definition, or `of`: the form an author would print."""
    def graph(self, picture: str = "svg", *, of: str | None = None) -> str:
        """The computation graph of the last definition, or of `of`, as a picture in a language: svg, dot, mermaid, tikz."""

@final
class Derivation:
    """The derivatives of a document, checked, with everything they refer to."""

    @property
    def of(self) -> str:
        """What is differentiated."""
    @property
    def derivatives(self) -> list[Derivative]:
        """The derivatives, in the order of the targets."""
    @property
    def definitions(self) -> dict[str, str]:
        """What is differentiated and the definitions that results refer to, each with its value."""
    @property
    def notes(self) -> list[Note]:
        """What a reader should know."""
    @property
    def error(self) -> float | None:
        """The largest relative error against automatic differentiation; None when nothing was checked."""
    @property
    def steps(self) -> list[Step]:
        """Every step of every derivative, in order; empty unless they were asked for."""
    @property
    def latex(self) -> str:
        """A fragment of LaTeX, for amsmath."""
    @property
    def json(self) -> str:
        """The whole as JSON, schema 1."""
    def to_dict(self) -> dict[str, Any]:
        """The whole as dicts and lists, as in the JSON."""
    def text(
        self,
        format: str = "unicode",
        *,
        width: int | None = None,
        steps: bool | None = None,
        reasons: str = "full",
        explain: bool = False,
        update: str | None = None,
        style: str = "plain",
        standalone: bool = False,
    ) -> str:
        """The whole in a format: unicode, ascii, latex, markdown, typst, mathml, omml."""
    def evaluate(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> Evaluation:
        """Values at arrays: `d.evaluate(W=W, x=x, f="tanh")`."""
    def _evaluate(
        self, arrays: Mapping[str, Values], functions: Mapping[str, str]
    ) -> tuple[Values | None, list[Values | None]]: ...
    def code(self, target: str) -> str:
        """The derivation as code for numpy, jax or torch: the text of a file."""
    def to_numpy(self) -> Function:
        """A function of arrays made from the code for NumPy."""
    def to_jax(self) -> Function:
        """A function of arrays made from the code for JAX."""
    def to_torch(self) -> Function:
        """A function of tensors made from the code for PyTorch."""
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Derivative]: ...
    def __contains__(self, target: str, /) -> bool: ...
    def __getitem__(self, key: str | int | Sequence[str], /) -> Derivative: ...
    def _repr_latex_(self) -> str: ...
    def _repr_html_(self) -> str: ...
    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, str]: ...

@final
class Derivative:
    """One derivative in one form."""

    @property
    def target(self) -> str:
        """What it is by; of a higher order, what was differentiated by last."""
    @property
    def targets(self) -> list[str]:
        """What it is by, the first time first: as many as its order."""
    @property
    def form(self) -> str:
        """Its layout: shape, jacobian or differential."""
    @property
    def shape(self) -> str:
        """Its shape as text, `n×m`; `1` of a scalar."""
    @property
    def steps(self) -> list[Step]:
        """How it was found; empty unless steps were asked for."""
    @property
    def latex(self) -> str:
        """On one line of LaTeX math, without delimiters."""
    @property
    def ascii(self) -> str:
        """On one line that reads back as it is."""
    def text(self, format: str = "unicode") -> str:
        """On one line in a format."""
    def to_sympy(self) -> Any:
        """As an expression of SymPy, in the document's variables alone."""
    def _tree(self) -> dict[str, Any]: ...
    def inlined(self, format: str = "unicode") -> str | None:
        """In the document's variables alone; None where it would be too long."""
    def _repr_latex_(self) -> str: ...
    def _repr_html_(self) -> str: ...
    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, str]: ...

@final
class Step:
    """One move of a derivation: a term, what became of it, by which rule, and why."""

    @property
    def text(self) -> str:
        """`before = after`, on one line."""
    @property
    def latex(self) -> str:
        """The same in LaTeX."""
    @property
    def before(self) -> str:
        """The term before."""
    @property
    def after(self) -> str:
        """The term after."""
    @property
    def rule(self) -> str:
        """The name of the rule, as `gradus rules` knows it."""
    @property
    def reason(self) -> str:
        """Why it holds."""
    def _repr_latex_(self) -> str: ...

@final
class Note:
    """What a reader of a result should know."""

    @property
    def kind(self) -> str:
        """warning, assumption or convention."""
    @property
    def message(self) -> str:
        """The sentence."""

@final
class Verdict:
    """The answer to a derivative found by hand."""

    @property
    def is_right(self) -> bool:
        """Whether the claim is right."""
    @property
    def is_decided(self) -> bool:
        """Whether it is decided at all."""
    @property
    def is_proved(self) -> bool:
        """Whether it is right by a proof, and not by numbers alone."""
    @property
    def derivative(self) -> str | None:
        """The derivative as gradus finds it; None when it has no rule for it."""
    @property
    def corrected(self) -> str | None:
        """What the claim should have been, where a usual slip explains what is wrong."""
    def __bool__(self) -> bool: ...
    @property
    def notes(self) -> list[Note]:
        """What a reader should know."""
    @property
    def latex(self) -> str:
        """A fragment of LaTeX, for amsmath."""
    @property
    def json(self) -> str:
        """The whole as JSON, schema 1."""
    def to_dict(self) -> dict[str, Any]:
        """The whole as dicts and lists, as in the JSON."""
    def text(
        self, format: str = "unicode", *, width: int | None = None, steps: bool = False, reasons: str = "full"
    ) -> str:
        """The whole in a format: unicode, ascii, latex, markdown, typst, mathml, omml."""
    def _repr_latex_(self) -> str: ...
    def _repr_html_(self) -> str: ...
    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, str]: ...

@final
class Equality:
    """The answer to an equality."""

    @property
    def is_equal(self) -> bool:
        """Whether the sides are equal wherever both are defined."""
    @property
    def is_decided(self) -> bool:
        """Whether it is decided at all."""
    @property
    def is_proved(self) -> bool:
        """Whether they are by a proof, and not by numbers alone."""
    def __bool__(self) -> bool: ...
    @property
    def notes(self) -> list[Note]:
        """What a reader should know."""
    @property
    def latex(self) -> str:
        """A fragment of LaTeX, for amsmath."""
    @property
    def json(self) -> str:
        """The whole as JSON, schema 1."""
    def to_dict(self) -> dict[str, Any]:
        """The whole as dicts and lists, as in the JSON."""
    def text(
        self, format: str = "unicode", *, width: int | None = None, steps: bool = False, reasons: str = "full"
    ) -> str:
        """The whole in a format: unicode, ascii, latex, markdown, typst, mathml, omml."""
    def _repr_latex_(self) -> str: ...
    def _repr_html_(self) -> str: ...
    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, str]: ...

@final
class Simplification:
    """An expression, tidied."""

    @property
    def notes(self) -> list[Note]:
        """What a reader should know."""
    @property
    def latex(self) -> str:
        """A fragment of LaTeX, for amsmath."""
    @property
    def json(self) -> str:
        """The whole as JSON, schema 1."""
    def to_dict(self) -> dict[str, Any]:
        """The whole as dicts and lists, as in the JSON."""
    def text(
        self, format: str = "unicode", *, width: int | None = None, steps: bool = False, reasons: str = "full"
    ) -> str:
        """The whole in a format: unicode, ascii, latex, markdown, typst, mathml, omml."""
    def _repr_latex_(self) -> str: ...
    def _repr_html_(self) -> str: ...
    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, str]: ...
