"""Embedding, RMSNorm, attention: against NumPy, causal, compiled; and the GPT made of them."""

import numpy as np
import pytest
from gpt import GPT, next_token_loss

import autodiff as ad
import nn

TOKENS, LENGTH = 5, 4
ROW, TARGETS = [1, 4, 0, 2], [4, 0, 2, 3]


def array(rows):
    return np.array([[w.data for w in row] for row in rows])


def reference(model, row):
    """The same GPT in NumPy."""

    def norm(module, x):
        gains = np.array([g.data for g in module.gains])
        return gains * x / np.sqrt((x * x).mean(axis=1, keepdims=True) + module.epsilon)

    def linear(module, x):
        return x @ array(module.weights).T

    x = array(model.tokens.table)[row] + array(model.places.table)[: len(row)]
    for block in model.blocks:
        normed, heads = norm(block.before, x), []
        for head in block.heads:
            q, k, v = (linear(part, normed) for part in (head.queries, head.keys, head.values))
            scores = np.where(np.tri(len(row), dtype=bool), q @ k.T / np.sqrt(q.shape[1]), -np.inf)
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            heads.append(shares / shares.sum(axis=1, keepdims=True) @ v)
        x = x + linear(block.joined, np.hstack(heads))
        x = x + linear(block.narrow, np.maximum(linear(block.wide, norm(block.between, x)), 0.0))
    return linear(model.logits, norm(model.last, x))


@pytest.mark.parametrize("blocks", [1, 2])
def test_a_gpt_is_that_of_numpy(blocks):
    model = GPT(TOKENS, LENGTH, width=8, heads=2, blocks=blocks)
    for p in model.parameters():
        if p.label and p.label[0] == "g":
            p.data = 1.5
    found = np.array(model.on_floats()(ROW))
    assert found == pytest.approx(reference(model, ROW), rel=1e-12, abs=1e-13)


def test_what_comes_later_changes_nothing_before():
    model = GPT(TOKENS, LENGTH, width=8, heads=2).on_floats()
    whole = model(ROW)
    assert model([*ROW[:2], 3, 3])[:2] == whole[:2]
    assert model(ROW[:3]) == whole[:3]


@pytest.mark.parametrize("backend", ["interpreter", "source"])
def test_its_gradient_compiles_in_tokens_too(backend):
    model = GPT(TOKENS, LENGTH, width=4, heads=2)

    def loss(model, row, targets):
        return next_token_loss(model(row), targets)

    compiled = ad.compile(ad.value_and_grad(loss), backend=backend)
    for args in ((ROW, TARGETS), (TARGETS, ROW)):
        numbers = [list(map(float, row)) for row in args]
        (value, found), (expected, slopes) = compiled(model, *numbers), ad.value_and_grad(loss)(model, *numbers)
        assert value == pytest.approx(expected, rel=1e-12)
        by_eager = [p.data for p in slopes.parameters()]
        assert [p.data for p in found.parameters()] == pytest.approx(by_eager, rel=1e-10, abs=1e-14)


def test_a_gpt_learns_to_count_by_fit():
    rows = [[(i + t) % TOKENS for t in range(LENGTH)] for i in range(TOKENS)]
    answers = [[(k + 1) % TOKENS for k in row] for row in rows]
    model = GPT(TOKENS, LENGTH, width=8, heads=2)
    history = nn.fit(model, rows, answers, loss=next_token_loss, optimizer=nn.Adam(0.02), steps=80, progress=False,
                     compile=True)  # fmt: skip
    assert history.loss[0] > 1.0
    assert history.loss[-1] < 0.1
    logits = model.on_floats()([3, 4, 0, 1])[-1]
    assert max(range(TOKENS), key=logits.__getitem__) == 2


def test_layers_take_part_in_transforms():
    head = nn.AttentionHead(3, 2, rng=0)
    ad.check_grad(lambda xs: ad.total(v * v for row in head(xs) for v in row), [[0.1, 0.2, -0.4], [0.5, -0.3, 0.2]])
    norm = nn.RMSNorm(2)
    assert norm.on_floats()([3.0, 4.0]) == pytest.approx([3 / 12.5**0.5, 4 / 12.5**0.5], rel=1e-6)
    assert nn.Embedding(3, 2, rng=1).on_floats()(2.0) == nn.Embedding(3, 2, rng=1).on_floats()(np.int64(2))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nn.Embedding(3, 2)(3), r"takes 0 … 2, got 3"),
        (lambda: nn.Embedding(3, 2)(-1), "takes 0 … 2"),
        (lambda: nn.Embedding(3, 2)(0.5), "takes 0 … 2"),
        (lambda: nn.Embedding(0, 2), "whole number from 1"),
        (lambda: nn.Linear(2, 3)([1.0]), "this Linear takes 2 numbers, got 1"),
        (lambda: nn.RMSNorm(2)([1.0, 2.0, 3.0]), "this RMSNorm takes 2 numbers, got 3"),
        (lambda: nn.AttentionHead(2, 2)([[1.0, 2.0], [1.0]]), "takes 2 numbers"),
        (lambda: nn.Linear(2, 0), "n_out is a whole number"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(ValueError, match=words):
        call()
