"""The notebook, run by Jupyter: its results are those it was kept with. `UPDATE=1 pytest tests/test_notebook.py` keeps new ones."""

import os
import pathlib
import re

import nbclient
import nbformat

NOTEBOOK = pathlib.Path(__file__).parent.parent / "tour.ipynb"


def results(cell):
    """What a cell shows: as text, and as LaTeX. How small an error is, the machine says."""
    shown = []
    for output in cell.get("outputs", []):
        data = output.get("data", {"text/plain": output.get("text", "")})
        shown += [data[form] for form in ("text/plain", "text/latex") if form in data]
    return [re.sub(r"max rel\. error [^)]*", "max rel. error …", text) for text in shown]


def test_every_result_of_the_notebook():
    kept = nbformat.read(NOTEBOOK, as_version=4)
    ran = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(ran, timeout=300, kernel_name="python3").execute()
    if "UPDATE" in os.environ:
        for cell in ran.cells:
            cell.metadata = {}
        ran.metadata = kept.metadata
        nbformat.write(ran, NOTEBOOK)
        return
    for before, now in zip(kept.cells, ran.cells):
        assert results(now) == results(before), now.source
