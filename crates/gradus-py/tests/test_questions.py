"""The four questions: text in, text out, as on the command line."""

import json
import signal
import threading
import time

import pytest

import gradus

SEED = "s = u^T f(W x + b)"


def test_a_derivation_reads_as_on_the_command_line():
    text = str(gradus.derive(SEED, wrt="W,x"))
    assert "∂s/∂W = δ xᵀ" in text and "∂s/∂x = Wᵀ δ" in text
    assert "agrees with automatic differentiation" in text


def test_derivatives_are_found_by_name_by_place_and_in_order():
    d = gradus.derive(SEED)
    assert [one.target for one in d] == ["u", "W", "x", "b"] and len(d) == 4
    assert str(d["W"]) == str(d[1]) == "δ xᵀ"
    assert str(d[-1]) == "δ"
    assert "W" in d and "Q" not in d
    with pytest.raises(KeyError, match="u, W, x, b"):
        d["Q"]
    with pytest.raises(IndexError):
        d[4]


def test_a_derivative_in_every_spelling():
    one = gradus.derive(SEED)["x"]
    assert (one.latex, one.ascii, str(one), one.shape) == (r"W^\top \delta", "W^T δ", "Wᵀ δ", "m")
    assert one.text("typst") == "W^⊤ δ"
    assert one.inlined("ascii") == "W^T (u .* f'(W x + b))"


def test_definitions_and_error():
    d = gradus.derive(SEED)
    assert d.definitions["δ"] == "u ∘ f'(z)"
    assert d.error is not None and d.error < 1e-8
    assert gradus.derive(SEED, check=False).error is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"wrt": "x", "hvp": "v"}, "Wᵀ (u ∘ (W v) ∘ f''(z))"),
        ({"wrt": ["x"], "order": 2}, "Wᵀ diag(u ∘ f''(z)) W"),
        ({"wrt": "x", "of": "z", "form": "jacobian"}, "W"),
        ({"wrt": "W", "inline": True}, "(u ∘ f'(W x + b)) xᵀ"),
    ],
)
def test_options_are_keywords(options, expected):
    document = "z = W x + b; s = u^T f(z)"
    assert str(gradus.derive(document, **options)[0]) == expected


def test_a_structured_derivative_and_one_by_entries():
    document = "A: n x n symmetric; x: n constant; s = x^T A x"
    assert str(gradus.derive(document, structured=True)["A"]) == "x xᵀ"
    d = gradus.derive("z = W x + b", wrt="W_ij", of="z_i", indices=True)
    assert d[0].ascii == "x_j"


def test_shapes_say_what_undeclared_names_are():
    assert gradus.derive("s = c^T c + k", wrt="c", shapes={"c": (3,), "k": ()})["c"].shape == "n"


def test_a_lagrangian():
    d = gradus.derive("minimize x^T x s.t. A x = b", lagrangian=True)
    assert any("stationary" in note.message for note in d.notes)


def test_products_go_with_nothing_else():
    with pytest.raises(gradus.UsageError, match="jvp, vjp and hvp"):
        gradus.derive(SEED, wrt="x", hvp="v", order=2)


def test_steps_have_rules_and_reasons():
    d = gradus.derive("s = x^T A x", wrt="x", steps=True)
    first = d["x"].steps[0]
    assert first.rule == "d_mul" and first.reason.startswith("product rule")
    assert first.text == f"{first.before} = {first.after}"
    assert r"\mathrm{d}" in first.latex
    assert [s.rule for s in d.steps] == [s.rule for s in d["x"].steps]
    assert gradus.derive("s = x^T A x").steps == []


def test_json_is_that_of_the_command_line():
    d = gradus.derive("s = a^T x", wrt="x")
    assert json.loads(d.json) == d.to_dict()
    assert d.to_dict()["schema"] == 1 and d.to_dict()["derivatives"][0]["result"]["ascii"] == "a"


def test_text_in_every_format():
    d = gradus.derive("s = a^T x", wrt="x", steps=True)
    for format in ["unicode", "ascii", "latex", "markdown", "typst", "mathml", "omml"]:
        assert d.text(format)
    assert d.text("latex", standalone=True).startswith(r"\documentclass")
    assert "d_mul" not in d.text(steps=False)
    with pytest.raises(gradus.UsageError, match="unicode, ascii, latex"):
        d.text("nope")


def test_a_verdict_is_true_or_false():
    document = "A: n x n constant; s = x^T A x"
    assert gradus.check(document, "(A + A^T) x")
    wrong = gradus.check(document, "2 A x")
    assert not wrong and wrong.is_decided and not wrong.is_right
    assert "if A were symmetric" in str(wrong)
    assert wrong.derivative == "(A + Aᵀ) x"
    assert wrong.to_dict()["verdict"] == "no"


def test_a_slip_is_corrected():
    verdict = gradus.check("A: n x n; s = 1/2 ||A x - b||^2", "A (A x - b)", wrt="x")
    assert verdict.corrected == "Aᵀ (A x - b)"


def test_what_is_not_decided_has_no_truth():
    undecided = gradus.equal("relu(x - 1e40) - relu(x - 1e40 + 1e25)", "zeros(n)", "x: n")
    if not undecided.is_decided:
        with pytest.raises(ValueError, match="not decided"):
            bool(undecided)


def test_equality_with_and_without_declarations():
    assert gradus.equal("(A B)^T", "B^T A^T").is_proved
    assert not gradus.equal("A B", "B A")
    assert gradus.equal("A^T x", "A x", "A: n x n symmetric; x: n")


def test_simplify():
    assert str(gradus.simplify("(A^T)^T x + A x")) == "2 A x"


def test_a_document_is_read_once_and_asked_often():
    document = gradus.Document("z = W x + b; h = tanh(z); s = u^T h")
    assert str(document.derive()["x"]) == "Wᵀ δ"
    assert document.check("W^T (u .* (1 - h.^2))", wrt="x")
    assert "flowchart" in document.graph("mermaid")
    assert document.equal("h", "tanh(z)")
    assert "tanh" in str(document) and "Document" in repr(document)


def test_what_jupyter_shows():
    for shown in [
        gradus.derive(SEED),
        gradus.derive(SEED)["W"],
        gradus.check("A: n x n constant; s = x^T A x", "2 A x"),
        gradus.equal("A B", "B A"),
        gradus.simplify("x + x"),
    ]:
        bundle = shown._repr_mimebundle_()
        assert list(bundle) == ["text/plain", "text/latex", "text/html"]
        assert bundle["text/plain"] == repr(shown) or bundle["text/plain"] == str(shown)
        assert "<math" in bundle["text/html"] and "<li></li>" not in bundle["text/html"]
        assert list(shown._repr_mimebundle_(include=["text/html"])) == ["text/html"]
        assert "text/latex" not in shown._repr_mimebundle_(exclude=["text/latex"])


ERRORS = [
    ("A: n x m; x: n; A x", gradus.ShapeError, "A", "A^T x"),
    ("s = x^T (A", gradus.DocumentSyntaxError, None, None),
    ("A: n x n; A: n x n; s = tr(A)", gradus.DocumentNameError, None, None),
    ("s = tr(expm(A))", gradus.UnsupportedError, "expm", "exp works entry by entry"),
]


@pytest.mark.parametrize(("document", "kind", "place", "help"), ERRORS)
def test_errors_have_their_place_and_what_would_help(document, kind, place, help):
    with pytest.raises(kind) as caught:
        gradus.derive(document)
    error = caught.value
    assert isinstance(error, gradus.Error) and error.text == document
    assert error.message in str(error)
    if place is not None:
        start, end = error.span
        assert error.text[start:end] == place and "^" in str(error)
    if help is not None:
        assert help in error.help and help in str(error)


def test_places_are_counted_in_letters():
    document = "λ: scalar; Δ: n x m; x: n; Δ x"
    with pytest.raises(gradus.ShapeError) as caught:
        gradus.derive(document)
    start, end = caught.value.span
    assert document[start:end] == "Δ"


def test_a_limit_is_an_error_of_its_own():
    with pytest.raises(gradus.LimitError):
        gradus.derive("s = x^T x", order=99)


SLOW = "; ".join(f"z_{i} = tanh(W_{i} z_{i - 1} + b_{i})" for i in range(1, 60)) + "; s = u^T z_59"


def test_other_threads_run_while_one_derives():
    seen = []
    done = threading.Event()

    def count():
        while not done.is_set():
            seen.append(time.monotonic())
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    start = time.monotonic()
    gradus.derive(SLOW, order=1)
    end = time.monotonic()
    done.set()
    counter.join()
    during = [t for t in seen if start < t < end]
    assert len(during) > 5 or end - start < 0.02


def test_ctrl_c_ends_a_derivation():
    long = SLOW.replace("s = u^T z_59", "s = u^T (z_59 .* z_58)")
    timer = threading.Timer(0.1, lambda: signal.raise_signal(signal.SIGINT))
    # what a shell has started in the background ignores the signal
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    start = time.monotonic()
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            for _ in range(100):
                gradus.derive(long, order=2, wrt=[f"W_{i}" for i in range(1, 12)])
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - start < 20
