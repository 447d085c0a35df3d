"""To SymPy and back, for what both have. Whatever one of them lacks is refused by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp  # type: ignore[import-untyped]
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction  # type: ignore[import-untyped]
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf  # type: ignore[import-untyped]
from sympy.matrices.expressions.kronecker import KroneckerProduct  # type: ignore[import-untyped]
from sympy.parsing import sympy_parser  # type: ignore[import-untyped]

from ._errors import UnsupportedError

#: functions of a number that both have, by their names in gradus
FUNCTIONS: Mapping[str, Any] = {
    "exp": sp.exp,
    "log": sp.log,
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "asin": sp.asin,
    "acos": sp.acos,
    "atan": sp.atan,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "erf": sp.erf,
    "abs": sp.Abs,
    "sign": sp.sign,
}


def from_sympy(expression: Any) -> str:
    """An expression of SymPy as a document: declarations of its symbols, then the expression.

    Matrix symbols of one column are vectors; sizes are symbols or numbers.
    """
    writer = _Writer()
    text = writer.text(sp.sympify(expression))
    lines = [f"{name}: {shape}" for name, shape in writer.declared.items()]
    return "\n".join([*lines, text])


class _Writer:
    """SymPy's expressions in the language, in brackets wherever they are more than a name."""

    def __init__(self) -> None:
        #: each name with its shape, in the order in which they are met
        self.declared: dict[str, str] = {}

    def text(self, e: Any) -> str:
        for kinds, write in self._writers():
            if isinstance(e, kinds):
                return write(e)
        raise UnsupportedError(f"gradus has nothing for SymPy's {type(e).__name__}, in {e}")

    def _writers(self) -> list[tuple[Any, Callable[[Any], str]]]:
        args, text = self._joined, self.text
        return [
            (sp.MatrixSymbol, self._matrix),
            (sp.Symbol, self._scalar),
            (sp.Rational, lambda e: f"({e.p}/{e.q})" if e.q != 1 else f"({e.p})" if e.p < 0 else str(e.p)),
            (sp.Float, lambda e: f"({float(e)!r})"),
            (type(sp.pi), lambda e: "π"),
            (type(sp.E), lambda e: "exp(1)"),
            ((sp.Add, sp.MatAdd), lambda e: args(" + ", e.args)),
            ((sp.Mul, sp.MatMul), lambda e: args(" * ", e.args)),
            (sp.Pow, lambda e: f"({text(e.base)})^({text(e.exp)})"),
            (sp.exp, lambda e: f"exp({text(e.args[0])})"),
            (sp.Transpose, lambda e: f"({text(e.arg)})^T"),
            (sp.Inverse, lambda e: f"inv({text(e.arg)})"),
            (sp.MatPow, self._power_of_a_matrix),
            (sp.Trace, lambda e: f"tr({text(e.arg)})"),
            (sp.Determinant, lambda e: f"det({text(e.arg)})"),
            (sp.HadamardProduct, lambda e: args(" .* ", e.args)),
            (sp.HadamardPower, lambda e: f"({text(e.base)}).^({text(e.exp)})"),
            (KroneckerProduct, lambda e: args(" ⊗ ", e.args)),
            (sp.Identity, lambda e: f"eye({self._size(e.rows)})"),
            (sp.ZeroMatrix, lambda e: f"zeros({self._size(e.rows)}, {self._size(e.cols)})"),
            (sp.OneMatrix, lambda e: f"ones({self._size(e.rows)}, {self._size(e.cols)})"),
            ((DiagMatrix, DiagonalOf), lambda e: f"diag({text(e.arg)})"),
            (sp.BlockMatrix, self._blocks),
            (ElementwiseApplyFunction, self._entry_by_entry),
            (sp.Function, self._function),
        ]

    def _joined(self, sign: str, terms: Any) -> str:
        return "(" + sign.join(self.text(term) for term in terms) + ")"

    def _scalar(self, e: Any) -> str:
        return self._declare(e.name, "scalar positive" if e.is_positive else "scalar")

    def _matrix(self, e: Any) -> str:
        rows, cols = (self._size(n) for n in e.shape)
        return self._declare(e.name, rows if cols == "1" else f"{rows} x {cols}")

    def _declare(self, name: str, shape: str) -> str:
        name = _name(name)
        if self.declared.setdefault(name, shape) != shape:
            raise UnsupportedError(f"{name} is {self.declared[name]} in one place and {shape} in another")
        return name

    def _size(self, size: Any) -> str:
        if size.is_Symbol:
            return _name(size.name)
        if size.is_Integer:
            return str(size)
        raise UnsupportedError(f"the size {size} is neither a name nor a number")

    def _power_of_a_matrix(self, e: Any) -> str:
        if not e.exp.is_Integer:
            raise UnsupportedError(f"gradus has no power of a matrix with the exponent {e.exp}")
        return f"({self.text(e.base)})^{e.exp}" if e.exp >= 0 else f"({self.text(e.base)})^({e.exp})"

    def _blocks(self, e: Any) -> str:
        rows, cols = e.blockshape
        return "[" + "; ".join(", ".join(self.text(e.blocks[i, j]) for j in range(cols)) for i in range(rows)) + "]"

    def _entry_by_entry(self, e: Any) -> str:
        parameter = sp.Dummy("t")
        inner = e.function(parameter)
        if isinstance(inner, sp.Function) and inner.args == (parameter,):
            return self._applied(type(inner), self.text(e.expr))
        if isinstance(inner, sp.Derivative) and inner.expr.args == (parameter,):
            # f', f'' of a function nobody defines
            primes = "'" * inner.derivative_count
            return f"{self._declare(inner.expr.func.__name__, 'elementwise')}{primes}({self.text(e.expr)})"
        raise UnsupportedError(f"gradus applies named functions entry by entry, not {e.function}")

    def _function(self, e: Any) -> str:
        if len(e.args) != 1:
            raise UnsupportedError(f"gradus has nothing for SymPy's {type(e).__name__} of {len(e.args)} arguments")
        return self._applied(type(e), self.text(e.args[0]))

    def _applied(self, function: Any, argument: str) -> str:
        known = next((name for name, other in FUNCTIONS.items() if other is function), None)
        if known is None and not issubclass(function, sp.core.function.AppliedUndef):
            raise UnsupportedError(f"gradus has nothing for SymPy's function {function.__name__}")
        return f"{known or self._declare(function.__name__, 'elementwise')}({argument})"


def _name(name: str) -> str:
    """A name as gradus reads it."""
    name = name.replace("lamda", "lambda")
    if not re.fullmatch(r"[^\W\d_]+\d*(_\w+)?", name):
        raise UnsupportedError(f"gradus cannot read the name {name}")
    return name


def of_tree(tree: Mapping[str, Any]) -> Any:
    """The tree of a derivative as an expression of SymPy."""
    return _Reader().read(tree)


class _Reader:
    """Trees of gradus as expressions of SymPy: what is 1 × 1 in gradus and a scalar is a scalar here."""

    def read(self, node: Mapping[str, Any]) -> Any:
        make = getattr(self, "_" + node["op"].replace(" ", "_"), None)
        if make is None:
            raise UnsupportedError(f"SymPy has nothing for gradus' {node['op']}")
        return make(node)

    def _args(self, node: Mapping[str, Any]) -> list[Any]:
        return [self.read(arg) for arg in node["args"]]

    def _shape(self, node: Mapping[str, Any]) -> tuple[Any, Any]:
        rows, cols = (_read_size(size) for size in node["shape"])
        return rows, cols

    def _is_scalar(self, node: Mapping[str, Any]) -> bool:
        return list(node["shape"]) == ["1", "1"]

    def _number(self, node: Mapping[str, Any]) -> Any:
        return sp.Rational(node["value"])

    def _size(self, node: Mapping[str, Any]) -> Any:
        return _read_size(node["value"])

    def _constant(self, node: Mapping[str, Any]) -> Any:
        return sp.pi if node["name"] == "pi" else sp.E

    def _variable(self, node: Mapping[str, Any]) -> Any:
        return sp.Symbol(node["name"]) if self._is_scalar(node) else sp.MatrixSymbol(node["name"], *self._shape(node))

    def _ones(self, node: Mapping[str, Any]) -> Any:
        return sp.OneMatrix(*self._shape(node))

    def _zeros(self, node: Mapping[str, Any]) -> Any:
        return sp.Integer(0) if self._is_scalar(node) else sp.ZeroMatrix(*self._shape(node))

    def _eye(self, node: Mapping[str, Any]) -> Any:
        return sp.Identity(self._shape(node)[0])

    def _add(self, node: Mapping[str, Any]) -> Any:
        return (sp.Add if self._is_scalar(node) else sp.MatAdd)(*self._args(node))

    def _hadamard(self, node: Mapping[str, Any]) -> Any:
        read = list(zip(node["args"], self._args(node)))
        scalars = [value for arg, value in read if self._is_scalar(arg)]
        arrays = [value for arg, value in read if not self._is_scalar(arg)]
        scale = sp.Mul(*scalars)
        if not arrays:
            return scale
        product = arrays[0] if len(arrays) == 1 else sp.HadamardProduct(*arrays)
        return product if scale == 1 else sp.MatMul(scale, product)

    def _mul(self, node: Mapping[str, Any]) -> Any:
        product = sp.MatMul(*self._args(node))
        # a row times a column: SymPy's 1 × 1 matrix is a number by its trace
        return sp.Trace(product) if self._is_scalar(node) else product

    def _kron(self, node: Mapping[str, Any]) -> Any:
        return KroneckerProduct(*self._args(node))

    def _transpose(self, node: Mapping[str, Any]) -> Any:
        return sp.Transpose(self._args(node)[0])

    def _inverse(self, node: Mapping[str, Any]) -> Any:
        return sp.Inverse(self._args(node)[0])

    def _matrix_power(self, node: Mapping[str, Any]) -> Any:
        return sp.MatPow(self._args(node)[0], node["exponent"])

    def _power(self, node: Mapping[str, Any]) -> Any:
        base, exponent = self._args(node)
        return sp.Pow(base, exponent) if self._is_scalar(node) else sp.HadamardPower(base, exponent)

    def _map(self, node: Mapping[str, Any]) -> Any:
        function = FUNCTIONS.get(node["name"]) if node["builtin"] else sp.Function(node["name"])
        if function is None:
            raise UnsupportedError(f"SymPy has nothing for gradus' function {node['name']}")
        argument, parameter = self._args(node)[0], sp.Symbol("t")
        derived = sp.Lambda(parameter, sp.diff(function(parameter), parameter, node["order"]))
        if self._is_scalar(node):
            return function(argument) if node["order"] == 0 else derived(argument)
        return argument.applyfunc(function if node["order"] == 0 else derived)

    def _builtin(self, node: Mapping[str, Any]) -> Any:
        name, argument = node["name"], self._args(node)[0]
        whole = node["axis"] is None
        if name == "tr":
            return sp.Trace(argument)
        if name == "det":
            return sp.Determinant(argument)
        if name == "logdet":
            return sp.log(sp.Abs(sp.Determinant(argument)))
        if name == "sum" and whole:
            rows, cols = argument.shape
            return sp.Trace(sp.OneMatrix(1, rows) * argument * sp.OneMatrix(cols, 1))
        if name == "diag":
            return DiagMatrix(argument) if node["args"][0]["shape"][1] == "1" else DiagonalOf(argument)
        raise UnsupportedError(f"SymPy has nothing for gradus' {name}" + ("" if whole else f" along {node['axis']}"))

    def _block(self, node: Mapping[str, Any]) -> Any:
        args, cols = self._args(node), node["cols"]
        return sp.BlockMatrix([args[i : i + cols] for i in range(0, len(args), cols)])


def _read_size(text: str) -> Any:
    names = {name: sp.Symbol(name, integer=True) for name in re.findall(r"[^\W\d]\w*", text)}
    transformations = (*sympy_parser.standard_transformations, sympy_parser.implicit_multiplication_application)
    return sympy_parser.parse_expr(text, local_dict=names, transformations=transformations)
