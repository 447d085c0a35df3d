"""`%%gradus` and `%gradus`: documents in the cells of a notebook."""

from __future__ import annotations

import argparse
import shlex
from typing import Any, NoReturn

from IPython.core.error import UsageError as MagicUsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class

from ._ask import check, derive
from ._errors import Error


class _Words(argparse.ArgumentParser):
    """The words beside a magic; what is wrong with them is said as IPython says it."""

    def error(self, message: str) -> NoReturn:
        raise MagicUsageError(f"%%gradus: {message}\n{self.format_usage()}")


def _words() -> _Words:
    words = _Words(prog="%%gradus", add_help=False, allow_abbrev=False)
    for option in ["wrt", "of", "form", "jvp", "vjp", "hvp"]:
        words.add_argument(f"--{option}")
    words.add_argument("--order", type=int, default=1)
    for option in ["structured", "indices", "inline", "steps", "no-check", "lagrangian"]:
        words.add_argument(f"--{option}", action="store_true")
    words.add_argument("--claim", help="judge this derivative")
    words.add_argument("--name", help="the variable that keeps the result")
    return words


@magics_class
class GradusMagics(Magics):
    """The cell is the document, the words beside the magic are the options of the command line."""

    @line_cell_magic
    def gradus(self, line: str, cell: str | None = None) -> Any:
        """Derives the document in the cell, or on the line; `--claim` judges a derivative found by hand."""
        document = line if cell is None else cell
        words = vars(_words().parse_args([] if cell is None else shlex.split(line)))
        name, claim = words.pop("name"), words.pop("claim")
        try:
            result = _asked(document, claim, words)
        except Error as error:
            # the document is to blame, not this code: the places in it are worth more than those in Python
            text = str(error)
            error._render_traceback_ = lambda: [text]  # type: ignore[attr-defined]
            raise
        if name is not None and self.shell is not None:
            self.shell.user_ns[name] = result
        return result


def _asked(document: str, claim: str | None, words: dict[str, Any]) -> Any:
    unchecked, lagrangian = words.pop("no_check"), words.pop("lagrangian")
    if claim is None:
        return derive(document, check=not unchecked, lagrangian=lagrangian, **words)
    beside = [word for word in ["jvp", "vjp", "hvp", "inline"] if words.pop(word)]
    if beside or unchecked or lagrangian:
        raise MagicUsageError("%%gradus: --claim goes with --wrt, --of, --form, --order, --structured, --indices, --steps")
    return check(document, claim, **words)
