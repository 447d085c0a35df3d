"""What the pages show of Python, as they say."""

import doctest
import os
import pathlib
import re

import pytest

PACKAGE = pathlib.Path(__file__).parent.parent
FENCED = re.compile(r"^```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [PACKAGE / "README.md", PACKAGE.parent.parent / "README.md"], ids=["package", "repository"])
def test_every_block_of_a_page(page):
    text = page.read_text(encoding="utf-8")
    # one test of all blocks, at the lines where they stand
    blank = "".join(c if c == "\n" else " " for c in text)
    for block in FENCED.finditer(text):
        blank = blank[: block.start(1)] + block.group(1) + blank[block.end(1) :]
    test = doctest.DocTestParser().get_doctest(blank, {}, page.name, os.fspath(page), 0)
    assert test.examples
    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test)
    assert results.failed == 0
