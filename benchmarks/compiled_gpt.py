"""The GPT of gpt.py compiled, on batches of 16: `python benchmarks/compiled_gpt.py` prints what a sample costs.

Tokens are data: a token is one-hot times the table of embeddings, the softmax is `ad.softmax`, and the loss of a
position is the cross-entropy of its logits. Beside it one step of gpt.py on Values, of one sample.
"""

import random
from itertools import pairwise
from time import perf_counter

import gpt
import numpy as np
from tables import machine, publish
from timing import medians

import autodiff as ad
import nn

BATCH, STEPS = 16, 20
gpt.softmax = ad.softmax  # gpt.py takes the largest logit out of the graph, as every class of number can


class GPT(gpt.GPT):
    """The same, of numbers that may be traced, its parameters and tokens given."""

    def __init__(self, parameters):
        given = iter(parameters)
        super().__init__(lambda _: next(given), seed=0)

    def loss(self, tokens):
        """Mean over the positions t of −log P(token t + 1 | tokens up to t)."""
        keys, values, losses = [], [], []
        for position, (token, target) in enumerate(pairwise(tokens)):
            chosen = nn.one_hot(token, gpt.VOCABULARY)
            embedding = [gpt.dot(chosen, column) for column in zip(*self.tokens, strict=True)]
            x = gpt.norm(gpt.added(embedding, self.positions[position]))
            x = gpt.added(x, gpt.linear(self.mix, self.attend(gpt.norm(x), keys, values)))
            x = gpt.added(x, gpt.linear(self.narrow, [ad.relu(h) for h in gpt.linear(self.widen, gpt.norm(x))]))
            losses.append(nn.softmax_cross_entropy(gpt.linear(self.read, x), target))
        return sum(losses) * (1.0 / len(losses))


def loss(parameters, tokens):
    """Of one sequence."""
    return GPT(parameters).loss(tokens)


def adam(gradients, moments, step, rate=0.01, first=0.85, second=0.99):
    """The change of the parameters by Adam (Kingma and Ba 2015)."""
    m, v = moments
    m += (1 - first) * (gradients - m)
    v += (1 - second) * (gradients * gradients - v)
    return rate * (m / (1 - first ** (step + 1))) / (np.sqrt(v / (1 - second ** (step + 1))) + 1e-8)


def main():
    draw = random.Random(0)
    parameters = np.array([p.data for p in gpt.GPT(ad.Value, seed=0).parameters()])
    sequences = np.array([[float(draw.randrange(gpt.VOCABULARY)) for _ in range(gpt.LENGTH + 1)] for _ in range(BATCH)])
    compiled = ad.compile(ad.value_and_grad(loss), batch=(None, 0), reduce="mean")
    start = perf_counter()
    compiled(parameters, sequences)
    ready = perf_counter() - start
    bound, moments = compiled.bind(None, sequences), (np.zeros_like(parameters), np.zeros_like(parameters))
    losses = []

    def step():
        found = bound(parameters)
        losses.append(found[0])
        parameters[:] -= adam(found[1:], moments, len(losses) - 1)

    eager = gpt.GPT(ad.Value, seed=0)
    tokens = [int(x) for x in sequences[0]]

    def on_values():
        model_loss = gpt.GPT.loss(eager, tokens)
        eager.zero_grad()
        model_loss.backward()

    (ours,) = medians(step, repeats=STEPS)
    (theirs,) = medians(on_values, repeats=3)
    publish(
        "compiled_gpt",
        machine(f"medians of {STEPS} steps"),
        f"{parameters.size:,} parameters, {BATCH} sequences of {gpt.LENGTH}: {1e6 * ours / BATCH:.1f} µs a sample, "
        f"gradient and Adam (goal 40, microgpt.cpp in float32 134); on Values {1e3 * theirs:.0f} ms, "
        f"{theirs * BATCH / ours:,.0f} × as long. Ready to run after {ready:.1f} s. {compiled.stats[0]}. "
        f"The loss went from {losses[0]:.3f} to {losses[-1]:.3f}.",
    )


if __name__ == "__main__":
    main()
