"""A GPT in scalars, on whatever class of number it is given: one layer, 16 wide, 16 long, after Karpathy's microgpt.

    x⁽ᵗ⁾ = norm(token embedding + position embedding)
    x⁽ᵗ⁾ ← x⁽ᵗ⁾ + W_mix · attention(norm(x⁽ᵗ⁾))              4 heads, over the positions up to t
    x⁽ᵗ⁾ ← x⁽ᵗ⁾ + W_narrow · relu(W_widen · norm(x⁽ᵗ⁾))       4 times as wide in between
    P(next token) = softmax(W_read · x⁽ᵗ⁾)

The keys and values of earlier positions are kept, not computed again.
"""

import random
from itertools import pairwise

WIDTH, LENGTH, HEADS, VOCABULARY = 16, 16, 4, 27
HEAD = WIDTH // HEADS


class GPT:
    def __init__(self, value, seed):
        draw = random.Random(seed).gauss

        def matrix(rows, columns):
            return [[value(draw(0.0, 0.1)) for _ in range(columns)] for _ in range(rows)]

        self.tokens, self.positions = matrix(VOCABULARY, WIDTH), matrix(LENGTH, WIDTH)
        self.query, self.key, self.value, self.mix = (matrix(WIDTH, WIDTH) for _ in range(4))
        self.widen, self.narrow = matrix(4 * WIDTH, WIDTH), matrix(WIDTH, 4 * WIDTH)
        self.read = matrix(VOCABULARY, WIDTH)

    def parameters(self):
        return [parameter for matrix in vars(self).values() for row in matrix for parameter in row]

    def zero_grad(self):
        for parameter in self.parameters():
            parameter.grad = 0.0

    def loss(self, tokens):
        """Mean over the positions t of −log P(token t + 1 | tokens up to t)."""
        keys, values, losses = [], [], []
        for position, (token, target) in enumerate(pairwise(tokens)):
            losses.append(-self.probabilities(token, position, keys, values)[target].log())
        return sum(losses) * (1.0 / len(losses))

    def probabilities(self, token, position, keys, values):
        """P(next token); the key and value of this position join those of the earlier ones."""
        x = norm(added(self.tokens[token], self.positions[position]))
        x = added(x, linear(self.mix, self.attend(norm(x), keys, values)))
        x = added(x, linear(self.narrow, [h.relu() for h in linear(self.widen, norm(x))]))
        return softmax(linear(self.read, x))

    def attend(self, x, keys, values):
        """Σₛ softmaxₛ(q · kₛ / √d) vₛ for each head, the heads side by side."""
        query = linear(self.query, x)
        keys.append(linear(self.key, x))
        values.append(linear(self.value, x))
        outputs = []
        for start in range(0, WIDTH, HEAD):
            head = slice(start, start + HEAD)
            weights = softmax([dot(query[head], key[head]) * HEAD**-0.5 for key in keys])
            outputs += [dot(weights, column) for column in zip(*(value[head] for value in values), strict=True)]
        return outputs


def dot(xs, ys):
    return sum(x * y for x, y in zip(xs, ys, strict=True))


def linear(matrix, x):
    return [dot(row, x) for row in matrix]


def added(xs, ys):
    return [x + y for x, y in zip(xs, ys, strict=True)]


def norm(x):
    """RMSNorm: xᵢ / √(mean of the squares + 10⁻⁵)."""
    scale = (dot(x, x) * (1.0 / len(x)) + 1e-5) ** -0.5
    return [element * scale for element in x]


def softmax(logits):
    """e^(zᵢ − m) / Σⱼ e^(zⱼ − m), m the largest logit, as a constant."""
    largest = max(logit.data for logit in logits)
    powers = [(logit - largest).exp() for logit in logits]
    partition = sum(powers)
    return [power / partition for power in powers]
