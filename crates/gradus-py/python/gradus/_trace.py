"""Functions written for NumPy as documents: they are run once, on arrays that write down what is done with them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from ._errors import UnsupportedError, UsageError
from ._gradus import Document

Shape = tuple[str, ...]

#: ufuncs of one argument by their names in NumPy and SciPy: what they are called here
ENTRY_BY_ENTRY: Mapping[str, str] = {
    **{name: name for name in ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh"]},
    **{name: name for name in ["sign", "erf"]},
    **{"arc" + name: "a" + name for name in ["sin", "cos", "tan"]},
    **{"absolute": "abs", "fabs": "abs", "expit": "sigmoid"},
}


def trace(function: Callable[..., Any], /, **shapes: Any) -> Document:
    """A function written for NumPy as a document: run once, on arrays that write down what is done with them.

    `shapes` has one entry for each parameter, as it is declared in a document, `"n x m"`, `"n"`, `"scalar"`,
    `"n x n symmetric"`, or an array or a tuple of numbers for its extents.

    What has no translation is refused by its name; so is control flow that depends on values.
    """
    inputs = {name: _input(name, shapes, p) for name, p in inspect.signature(function).parameters.items()}
    for name in shapes:
        if name not in inputs:
            raise UsageError(f"the function has no parameter {name}")
    result = function(**{name: array for name, (array, _) in inputs.items()})
    if not isinstance(result, Traced):
        raise UsageError(f"the function gives {type(result).__name__}, and nothing that depends on its arguments")
    declarations = [f"{name}: {declared}" for name, (_, declared) in inputs.items()]
    return Document("\n".join([*declarations, *_definitions(result, set(inputs))]))


def _input(name: str, shapes: Mapping[str, Any], parameter: inspect.Parameter) -> tuple[Traced, str]:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise UnsupportedError(f"the parameter {name} stands for any number of arguments")
    if name not in shapes:
        raise UsageError(f'no shape for the parameter {name}: trace(f, {name}="n x m")')
    declared = shapes[name]
    if not isinstance(declared, str):
        extents = [str(n) for n in (declared if isinstance(declared, tuple) else np.shape(declared))]
        declared = " x ".join(extents) or "scalar"
    found = re.fullmatch(r"\s*(?:scalar|R|(\w+)(?:\s+x\s+(\w+))?)(?:\s+.*)?", declared)
    if not found:
        raise UsageError(f"{name}: cannot read the shape {declared}; write it as in a document, n x m")
    return Traced(name, tuple(size for size in found.groups() if size)), declared


def _definitions(result: Traced, taken: set[str]) -> list[str]:
    """The lines that define the result: what is used more than once has a line of its own."""
    order: list[Traced] = []
    uses: dict[int, int] = {}
    pending = [(result, False)]
    while pending:
        node, done = pending.pop()
        if done:
            order.append(node)
            continue
        uses[id(node)] = uses.get(id(node), 0) + 1
        if uses[id(node)] == 1:
            pending.append((node, True))
            pending.extend((part, False) for part in node.parts)
    texts: dict[int, str] = {}
    lines = []
    fresh = (f"t_{i}" for i in range(1, len(order) + 2) if f"t_{i}" not in taken)
    for node in order:
        texts[id(node)] = node.template.format(*(texts[id(part)] for part in node.parts))
        if node is not result and node.parts and uses[id(node)] > 1:
            name = next(fresh)
            lines.append(f"{name} = {texts[id(node)]}")
            texts[id(node)] = name
    name = next(n for n in (["s", "L", "J"] if not result.shape else ["y", "Y", "z"]) + ["result"] if n not in taken)
    return [*lines, f"{name} = {texts[id(result)]}"]


def _refuse(what: str) -> NoReturn:
    raise UnsupportedError(f"gradus cannot trace {what}")


class Traced(np.lib.mixins.NDArrayOperatorsMixin):
    """An array nobody knows: its shape in names of sizes, and how it was made."""

    __slots__ = ("parts", "_shape", "template")

    def __init__(self, template: str, shape: Shape, parts: Sequence[Traced] = ()) -> None:
        self.template = template
        self._shape = shape
        self.parts = tuple(parts)

    # what NumPy asks of an array

    @property
    def shape(self) -> tuple[Any, ...]:
        return tuple(int(n) if n.isdigit() else Traced(n, ()) for n in self._shape)

    @property
    def ndim(self) -> int:
        return len(self._shape)

    @property
    def size(self) -> Any:
        return np.prod(self.shape) if all(isinstance(n, int) for n in self.shape) else _product(self.shape)

    @property
    def T(self) -> Traced:
        return _transpose(self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            _refuse(f"np.{ufunc.__name__} with {method if method != '__call__' else ', '.join(options)}")
        if ufunc.__name__ in ENTRY_BY_ENTRY:
            return _apply(ENTRY_BY_ENTRY[ufunc.__name__], _traced(args[0]))
        known = UFUNCS.get(ufunc.__name__)
        return known(*map(_traced, args)) if known else _refuse(f"np.{ufunc.__name__}")

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        name = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
        known = FUNCTIONS.get(function)
        if known is None:
            _refuse(name)
        try:
            inspect.signature(known).bind(*args, **options)
        except TypeError:
            _refuse(f"{name} with these arguments")
        return known(*args, **options)

    def sum(self, axis: Any = None, keepdims: bool = False) -> Traced:
        return _sum(self, axis, keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Traced:
        return _mean(self, axis, keepdims)

    def dot(self, other: Any) -> Traced:
        return _matmul(self, _traced(other))

    def trace(self) -> Traced:
        return _trace(self)

    def transpose(self) -> Traced:
        return _transpose(self)

    # what needs values

    def __bool__(self) -> bool:
        _refuse("control flow that depends on values (if, while, and, or): use np.maximum, np.abs and their like")

    def _needs_a_value(self, *_: Any) -> NoReturn:
        _refuse("what needs the value of an array (float, int, len, iteration)")

    __float__ = __int__ = __index__ = __len__ = __iter__ = __complex__ = _needs_a_value

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        _refuse("what makes an array of numbers of it")

    def __getitem__(self, key: Any) -> NoReturn:
        _refuse("indexing and slicing")

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        _refuse("assignment to entries")

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse(f"the attribute {name} of an array")

    def __repr__(self) -> str:
        return f"<an array of shape ({', '.join(self._shape)})>"


def _traced(value: Any) -> Traced:
    if isinstance(value, Traced):
        return value
    number = np.asarray(value)
    if number.ndim or number.dtype.kind not in "fiu" or not np.isfinite(number):
        _refuse("an array of numbers within the function: make it a parameter" if number.ndim else f"the value {value}")
    text = repr(number.item())
    return Traced(f"({text})" if number < 0 or "e" in text else text, ())


def _product(sizes: Sequence[Any]) -> Any:
    product = sizes[0]
    for size in sizes[1:]:
        product = product * size
    return product


def _apply(function: str, a: Traced) -> Traced:
    return Traced(function + "({})", a._shape, [a])


def _spread(a: Traced, shape: Shape) -> Traced:
    """The array, repeated as NumPy repeats it; a number is left as it is."""
    if not a._shape or a._shape == shape:
        return a
    rows, cols = (*["1"] * (2 - len(shape)), *shape)
    own = (*["1"] * (2 - len(a._shape)), *a._shape)
    if len(shape) == 2 and own == ("1", cols):
        row = "({})^T" if len(a._shape) == 1 else "({})"
        return Traced(f"(ones({rows}) {row})", shape, [a])
    if len(shape) == 2 and own == (rows, "1"):
        return Traced(f"(({{}}) ones({cols})^T)", shape, [a])
    _refuse(f"the sum or product of shapes ({', '.join(a._shape)}) and ({', '.join(shape)})")


def _common(a: Traced, b: Traced) -> Shape:
    axes = max(a.ndim, b.ndim)
    one, other = ((*["1"] * (axes - x.ndim), *x._shape) for x in (a, b))
    if any(n != m and "1" not in (n, m) for n, m in zip(one, other)):
        raise UsageError(f"the shapes ({', '.join(a._shape)}) and ({', '.join(b._shape)}) do not go together")
    return tuple(m if n == "1" else n for n, m in zip(one, other))


def _pairwise(sign: str) -> Callable[[Traced, Traced], Traced]:
    def paired(a: Traced, b: Traced) -> Traced:
        shape = _common(a, b)
        a, b = _spread(a, shape), _spread(b, shape)
        return Traced(f"({{}} {sign} {{}})", shape, [a, b])

    return paired


def _times(a: Traced, b: Traced) -> Traced:
    return _pairwise(".*" if a._shape and b._shape else "*")(a, b)


def _over(a: Traced, b: Traced) -> Traced:
    return _pairwise("./" if b._shape else "/")(a, b)


def _power(a: Traced, b: Traced) -> Traced:
    if b._shape:
        _refuse("a power whose exponent is an array")
    return Traced("(({}).^({}))" if a._shape else "(({})^({}))", a._shape, [a, b])


def _extreme(name: str) -> Callable[[Traced, Traced], Traced]:
    def extreme(a: Traced, b: Traced) -> Traced:
        shape = _common(a, b)
        return Traced(f"{name}({{}}, {{}})", shape, [_spread(a, shape), _spread(b, shape)])

    return extreme


def _matmul(a: Traced, b: Traced) -> Traced:
    if not a._shape or not b._shape:
        return _times(a, b)
    if a._shape[-1] != b._shape[0]:
        raise UsageError(f"the product of shapes ({', '.join(a._shape)}) and ({', '.join(b._shape)}) does not fit")
    if a.ndim == 1 and b.ndim == 2:
        return Traced("(({})^T ({}))", b._shape[1:], [b, a])
    left = "({})^T" if a.ndim == 1 else "({})"
    return Traced(f"({left} ({{}}))", (*a._shape[:-1], *b._shape[1:]), [a, b])


def _transpose(a: Traced) -> Traced:
    return a if a.ndim < 2 else Traced("({})^T", a._shape[::-1], [a])


def _sum(a: Traced, axis: Any = None, keepdims: bool = False) -> Traced:
    return _reduced("sum", _traced(a), axis, keepdims)


def _mean(a: Traced, axis: Any = None, keepdims: bool = False) -> Traced:
    a = _traced(a)
    along = a._shape if axis is None else (a._shape[axis],)
    return _over(_sum(a, axis, keepdims), Traced(f"({' * '.join(along) or '1'})", ()))


def _reduced(name: str, a: Traced, axis: Any, keepdims: bool) -> Traced:
    if axis is not None and not isinstance(axis, int):
        _refuse(f"np.{name} along several axes")
    if axis is None or a.ndim == 1:
        shape = ("1",) * a.ndim if keepdims else ()
        return Traced(name + "({})", shape, [a]) if a._shape else a
    # along axis 0 the rows go, and there is a sum for every column
    across = "cols" if axis % 2 == 0 else "rows"
    left = a._shape[1 - axis % 2]
    row = keepdims and across == "cols"
    shape = (("1", left) if row else (left, "1")) if keepdims else (left,)
    return Traced(f"{name}({{}}, {across})" + ("^T" if row else ""), shape, [a])


def _trace(a: Traced) -> Traced:
    return Traced("tr({})", (), [a])


def _outer(a: Traced, b: Traced) -> Traced:
    a, b = _traced(a), _traced(b)
    if (a.ndim, b.ndim) != (1, 1):
        _refuse("np.outer of what is no pair of vectors")
    return Traced("(({}) ({})^T)", (a._shape[0], b._shape[0]), [a, b])


def _dot(a: Any, b: Any) -> Traced:
    return _matmul(_traced(a), _traced(b))


def _inner(a: Any, b: Any) -> Traced:
    a, b = _traced(a), _traced(b)
    return _matmul(a, b) if (a.ndim, b.ndim) == (1, 1) else _refuse("the inner product of what is no pair of vectors")


def _norm(x: Traced, ord: Any = None) -> Traced:
    if ord not in (None, 2, "fro") or (ord == 2 and x.ndim == 2):
        _refuse(f"np.linalg.norm with ord={ord!r}")
    return Traced("norm({})", (), [x])


def _inverse(a: Traced) -> Traced:
    return Traced("inv({})", a._shape, [a])


def _solve(a: Any, b: Any) -> Traced:
    return _matmul(_inverse(_traced(a)), _traced(b))


class SlogDet(NamedTuple):
    """What np.linalg.slogdet gives."""

    sign: Traced
    logabsdet: Traced


def _slogdet(a: Traced) -> SlogDet:
    return SlogDet(Traced("sign(det({}))", (), [a]), Traced("logdet({})", (), [a]))


def _diag(v: Traced) -> Traced:
    return Traced("diag({})", (v._shape[0],) * (2 if v.ndim == 1 else 1), [v])


UFUNCS: Mapping[str, Callable[..., Traced]] = {
    "add": _pairwise("+"),
    "subtract": _pairwise("-"),
    "multiply": _times,
    "divide": _over,
    "true_divide": _over,
    "power": _power,
    "float_power": _power,
    "square": lambda a: _power(a, _traced(2)),
    "reciprocal": lambda a: _over(_traced(1), a),
    "negative": lambda a: Traced("(-({}))", a._shape, [a]),
    "positive": lambda a: a,
    "matmul": _matmul,
    "maximum": _extreme("max"),
    "minimum": _extreme("min"),
    "vecdot": lambda a, b: _matmul(a, b) if (a.ndim, b.ndim) == (1, 1) else _refuse("np.vecdot of matrices"),
}

FUNCTIONS: Mapping[Any, Callable[..., Any]] = {
    np.sum: _sum,
    np.mean: _mean,
    np.transpose: _transpose,
    np.trace: _trace,
    np.outer: _outer,
    np.dot: _dot,
    np.vdot: _inner,
    np.inner: _inner,
    np.diag: _diag,
    np.linalg.norm: _norm,
    np.linalg.inv: _inverse,
    np.linalg.solve: _solve,
    np.linalg.det: lambda a: Traced("det({})", (), [a]),
    np.linalg.slogdet: _slogdet,
}
