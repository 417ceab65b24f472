"""Ranks: the column of each node, such that edges go from left to right."""

from collections.abc import Sequence

Edge = tuple[int, int]  # from, to


def ranked(keys: Sequence[float], edges: Sequence[Edge]) -> tuple[list[int], set[int]]:
    """The column of each node, from 0, and which edges go backwards: those that close a circle.

    Each node as far to the left as its operands let it; one with more readers than operands right before its first
    reader, as a leaf stands by what reads it.
    """
    turned = _back(keys, edges)
    forward = {(v, u) if i in turned else (u, v) for i, (u, v) in enumerate(edges) if u != v}
    before, after = _neighbours(len(keys), forward)
    ranks = [0] * len(keys)
    order = _sorted(keys, before, after)
    for node in order:
        ranks[node] = max((ranks[u] + 1 for u in before[node]), default=0)
    for node in reversed(order):
        if len(after[node]) > len(before[node]):
            ranks[node] = min(ranks[v] for v in after[node]) - 1
    return ranks, turned


def _neighbours(count: int, edges: set[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    before, after = [list[int]() for _ in range(count)], [list[int]() for _ in range(count)]
    for u, v in sorted(edges):
        before[v].append(u)
        after[u].append(v)
    return before, after


def _sorted(keys: Sequence[float], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """Each node after those before it."""
    waiting = list(map(len, before))
    ready = sorted((v for v in range(len(keys)) if not waiting[v]), key=keys.__getitem__, reverse=True)
    order = list[int]()
    while ready:
        node = ready.pop()
        order.append(node)
        for v in after[node]:
            waiting[v] -= 1
            if not waiting[v]:
                ready.append(v)
    return order


def _back(keys: Sequence[float], edges: Sequence[Edge]) -> set[int]:
    """The edges that lead back on a walk through the nodes in their order, depth first."""
    leaving = [list[tuple[int, int]]() for _ in keys]
    for i, (u, v) in enumerate(edges):
        leaving[u].append((i, v))
    state, back = [0] * len(keys), set[int]()  # 1 while its descendants are walked through, 2 after
    for start in sorted(range(len(keys)), key=keys.__getitem__):
        walk = [(start, iter(leaving[start]))] if not state[start] else []
        state[start] = state[start] or 1
        while walk:
            node, others = walk[-1]
            for i, v in others:
                if state[v] == 1 and v != node:
                    back.add(i)
                elif not state[v]:
                    state[v] = 1
                    walk.append((v, iter(leaving[v])))
                    break
            else:
                state[node] = 2
                walk.pop()
    return back
