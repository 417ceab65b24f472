"""DOT, Graphviz's language: graphs, nodes, edges and attributes as text."""

from typing import Self


class Digraph:
    """A directed graph, or a part of one, written line by line; a text in <…> is an HTML-like label."""

    def __init__(self, name: str) -> None:
        self.name, self.lines = name, list[str]()

    def attr(self, kind: str = "", **attributes: str) -> None:
        """Attributes of the graph, or of the nodes or edges that follow."""
        if kind:
            self.lines.append(f"{kind}{_listed(attributes)}")
        else:
            self.lines += [f"{name}={quoted(value)}" for name, value in attributes.items()]

    def node(self, name: str, label: str, **attributes: str) -> None:
        """A node."""
        self.lines.append(f"{quoted(name)}{_listed({'label': label, **attributes})}")

    def edge(self, tail: str, head: str, **attributes: str) -> None:
        """An edge."""
        self.lines.append(f"{quoted(tail)} -> {quoted(head)}{_listed(attributes)}")

    def subgraph(self, part: Self) -> None:
        """The part, as it is now, in this graph."""
        self.lines += [f"subgraph {quoted(part.name)} {{", *(f"\t{line}" for line in part.lines), "}"]

    @property
    def source(self) -> str:
        """The text."""
        return "\n".join([f"digraph {self.name} {{", *(f"\t{line}" for line in self.lines), "}", ""])


def _listed(attributes: dict[str, str]) -> str:
    return " [" + " ".join(f"{name}={quoted(value)}" for name, value in attributes.items()) + "]" if attributes else ""


def quoted(text: str) -> str:
    """A text in quotes, an HTML-like label as it is."""
    return text if text[:1] == "<" and text[-1:] == ">" else '"' + text.replace('"', '\\"') + '"'
