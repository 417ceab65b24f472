"""Running notebooks as JupyterLab would, and what is kept of them.

python tests/support/execution.py notebooks/*.ipynb            puts their outputs in place: make outputs
python tests/support/execution.py --print notebooks/one.ipynb  prints it instead, its solutions run too
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

RUNS = 120  # seconds that a cell may take
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SOLUTION = re.compile(r"<details><summary>Solution</summary>\n\n.*?```python\n(.*?)```.*?\n\n</details>", re.DOTALL)


def loaded(path):
    """The notebook in a file."""
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


def solutions(markdown):
    """The code of each folded solution."""
    return SOLUTION.findall(markdown)


def executed(notebook, folder):
    """The notebook with the outputs that its cells have now, and without what would differ in the next run."""
    NotebookClient(
        notebook,
        timeout=RUNS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # what a cell prints comes in pieces, as a clock has it
        resources={"metadata": {"path": folder}},
    ).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--print", action="store_true")
    parser.add_argument("notebooks", nargs="+", type=Path)
    chosen = parser.parse_args()
    for path in chosen.notebooks:
        notebook = loaded(path)
        if chosen.print:
            found = [code for cell in notebook.cells if cell.cell_type == "markdown" for code in solutions(cell.source)]
            notebook.cells += map(nbformat.v4.new_code_cell, found)
        run = executed(notebook, path.parent)
        nbformat.write(run, sys.stdout if chosen.print else path)


if __name__ == "__main__":
    main()
