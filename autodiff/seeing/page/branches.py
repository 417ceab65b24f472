"""Branches: what a function decided by its numbers, as data, so that the page knows where Python would turn off.

    branch ::= {"slot": …, "found": true | false | number, "before": …, "line": "line 2", "source": …, "condition": …}
    aside  ::= [{"op": name of a row, "operands": [operand, …]}, …]

The slots of what stands aside, which no output hangs on, follow those of the nodes. Before: the slots that had their
numbers when the branch was taken.
"""

import linecache
from pathlib import PurePath
from typing import Any

from autodiff.seeing.lines import Line
from autodiff.seeing.listing import Listing
from autodiff.seeing.page.slopes import number_data, operand_data, page_row
from autodiff.words.names import Wording
from autodiff.words.notation import applied, grouped

LONGEST = 60  # characters of a condition


def branches_of(listing: Listing, words: Wording) -> dict[str, Any]:
    """The branches of a listing and what stands aside; `unseen` where nobody saw any."""
    aside = listing.aside
    slots = {node: slot for slot, node in enumerate([*listing.nodes, *aside])}
    names = list(words.names)

    def places(node: Any) -> list[Any]:
        read = zip(node.operands, node.numbers, strict=True)
        return [slots.get(x, number) if type(x) is not float else x for x, number in read]

    def expression(node: Any) -> str:
        return applied(node.op, [names[x] if type(x) is int else words.write(x) for x in places(node)])

    for node in aside:
        text = expression(node)
        names.append(grouped(text) if len(text) <= LONGEST else "…")
    return {
        "branches": [
            {
                "slot": slots[branch.node],
                "found": branch.found if type(branch.found) is bool else number_data(branch.found),
                "before": listing.before(branch),
                "condition": expression(branch.node) if branch.node.op else names[slots[branch.node]],
                **_place(branch.line),
            }
            for branch in listing.branches or ()
        ],
        "aside": [{"op": page_row_name(node), "operands": list(map(operand_data, places(node)))} for node in aside],
        "unseen": listing.branches is None,
    }


def page_row_name(node: Any) -> str:
    """The name in the page's table; of a row of the user's, a name that it lacks."""
    row = page_row(node.op)
    return row.name if row else f"{node.op.name} (a function of your own)" if node.op else ""


def _place(line: Line) -> dict[str, str]:
    source = linecache.getline(line.code.co_filename, line.number).strip()
    file = "" if source else f" of {PurePath(line.code.co_filename).name}"
    return {"line": f"line {line.number}{file}", "source": source}
