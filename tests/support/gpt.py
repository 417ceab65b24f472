"""A GPT in the layers of nn: embeddings, blocks of attention and a perceptron on a residual stream, logits."""

import autodiff as ad
import nn


class Block(nn.Module):
    def __init__(self, width, heads, rng):
        self.before, self.between = nn.RMSNorm(width), nn.RMSNorm(width)
        self.heads = [nn.AttentionHead(width, width // heads, rng) for _ in range(heads)]
        self.joined = nn.Linear(width, width, rng)
        self.wide, self.narrow = nn.Linear(width, 4 * width, rng), nn.Linear(4 * width, width, rng)

    def __call__(self, xs):
        normed = [self.before(x) for x in xs]
        found = [head(normed) for head in self.heads]
        xs = [added(x, self.joined([v for head in found for v in head[t]])) for t, x in enumerate(xs)]
        return [added(x, self.narrow([ad.relu(z) for z in self.wide(self.between(x))])) for x in xs]


class GPT(nn.Module):
    """The logits of the next token at each place of a row of tokens."""

    def __init__(self, tokens, length, width=16, heads=4, blocks=1, rng=0):
        rng = nn.initialization.generator(rng)
        self.tokens, self.places = nn.Embedding(tokens, width, rng), nn.Embedding(length, width, rng)
        self.blocks = [Block(width, heads, rng) for _ in range(blocks)]
        self.last, self.logits = nn.RMSNorm(width), nn.Linear(width, tokens, rng)

    def __call__(self, row):
        xs = [added(self.tokens(k), self.places(t)) for t, k in enumerate(row)]
        for block in self.blocks:
            xs = block(xs)
        return [self.logits(self.last(x)) for x in xs]


def added(xs, ys):
    return [x + y for x, y in zip(xs, ys, strict=True)]


def next_token_loss(logits, targets):
    """The mean cross-entropy over the places of a row."""
    return ad.mean(nn.softmax_cross_entropy(zs, k) for zs, k in zip(logits, targets, strict=True))
