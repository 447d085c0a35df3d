"""The magics, in IPython itself."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

import gradus


@pytest.fixture
def shell():
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "gradus")
    return shell


def test_a_cell_is_a_document(shell):
    d = shell.run_cell_magic("gradus", "--wrt W,b --steps --name d", "z = W x + b\ns = u^T f(z)\n")
    assert [one.target for one in d] == ["W", "b"] and d.steps
    assert shell.user_ns["d"] is d


def test_a_line_is_a_document(shell):
    assert str(shell.run_line_magic("gradus", "s = x^T x")["x"]) == "2 x"


def test_a_claim_is_judged(shell):
    assert shell.run_cell_magic("gradus", "--wrt x --claim '2 A x'", "A: n x n symmetric; s = x^T A x").is_right


def test_errors_show_the_document(shell):
    with pytest.raises(gradus.ShapeError) as caught:
        shell.run_cell_magic("gradus", "", "A: n x m; x: n; A x")
    assert "A: n x m; x: n; A x\n" in caught.value._render_traceback_()[0]


def test_words_that_are_none(shell):
    with pytest.raises(Exception, match="--nope"):
        shell.run_cell_magic("gradus", "--nope 3", "s = x^T x")
