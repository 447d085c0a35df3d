"""What is raised where there is no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong: of which kind, what, where, and what would help."""

    #: syntax, name, shape, domain, unsupported, usage, limit or internal
    kind: str
    #: what was expected and what was found
    message: str
    #: what would help
    help: str | None = None
    #: places, the first the one that is meant: ((start, end), what is to be said of it), counted in letters
    labels: tuple[tuple[tuple[int, int], str], ...] = ()

    @property
    def span(self) -> tuple[int, int] | None:
        """The place that is meant."""
        return self.labels[0][0] if self.labels else None


class Error(Exception):
    """Why there is no answer: everything that is wrong, and the text its places lie in. As a string it is what a person
    wants to see, the places underlined."""

    def __init__(self, rendered: str, text: str = "", diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(rendered, text, diagnostics)
        #: the text the places lie in: the document, or the claim
        self.text = text
        #: everything that is wrong, in the order of the text; never empty
        self.diagnostics = diagnostics or (Diagnostic(_kind_of(type(self)), rendered),)

    @property
    def kind(self) -> str:
        """Of which kind the first is."""
        return self.diagnostics[0].kind

    @property
    def message(self) -> str:
        """What the first says."""
        return self.diagnostics[0].message

    @property
    def help(self) -> str | None:
        """What would help against the first."""
        return self.diagnostics[0].help

    @property
    def span(self) -> tuple[int, int] | None:
        """The place of the first, as `error.text[start:end]`."""
        return self.diagnostics[0].span

    def __str__(self) -> str:
        return str(self.args[0])


class DocumentSyntaxError(Error, ValueError):
    """The text is not of the language."""


class DocumentNameError(Error, ValueError):
    """A name is unknown, defined twice, cyclic, or called with the wrong number of arguments."""


class ShapeError(Error, ValueError):
    """Sizes do not fit."""


class DomainError(Error, ValueError):
    """Something is undefined at the values, or wherever gradus looked."""


class UnsupportedError(Error, NotImplementedError):
    """There is no rule, or no translation, for something yet; it is named."""


class UsageError(Error, ValueError):
    """Options or values make no sense."""


class LimitError(Error, RuntimeError):
    """A bound was reached."""


class InternalError(Error, RuntimeError):
    """A derivation and its check disagreed: a fault of gradus. There is no answer."""


_KINDS: dict[str, type[Error]] = {
    "syntax": DocumentSyntaxError,
    "name": DocumentNameError,
    "shape": ShapeError,
    "domain": DomainError,
    "unsupported": UnsupportedError,
    "usage": UsageError,
    "limit": LimitError,
    "internal": InternalError,
}


def _kind_of(error: type[Error]) -> str:
    return next((kind for kind, known in _KINDS.items() if issubclass(error, known)), "usage")


def _of(rendered: str, text: str, diagnostics: list[dict[str, Any]]) -> Error:
    """The error of the library, from the extension module."""
    read = tuple(Diagnostic(d["kind"], d["message"], d["help"], tuple(d["labels"])) for d in diagnostics)
    return _KINDS.get(read[0].kind, InternalError)(rendered, text, read)
