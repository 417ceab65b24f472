"""A program that is right but for the lines that are marked: what type checkers are to find, and nothing else."""

import autodiff as ad
import nn
from autodiff import Dual, Value
from autodiff import Vlaue  # mistake


def smooth(x: float) -> float:
    return x * ad.log(x) + ad.maximum(x, 1.0) ** 2


def any_number(x: ad.Number, y: ad.Number) -> ad.Number:
    return x * ad.sin(x) + y


def of_values(a: Value, b: Value) -> Value:
    loss = (a * b + ad.exp(a)).tanh()
    loss.backward()
    return loss


a, b = Value(2.0, "a"), Value(-3.0, "b")
loss: Value = of_values(a, b)
plain: float = ad.exp(2.0)
recorded: Value = ad.exp(a)
carried: Dual = ad.exp(Dual(1.0, 1.0))
mixed: Value = ad.where(a > b, a, 1.0) + ad.hypot(a, 2.0, b) + ad.atan2(1.0, a)
summed: Value = ad.total([a, b]) + ad.mean([a, b]) + ad.softmax([a, b])[0]
gradient: float = a.grad + loss.data
ad.grad(smooth)(2.0)
ad.grad(any_number)(2.0, 3.0)
ad.hessian(any_number)(a, y=b)
ad.value_and_grad(smooth)(2.0)
ad.jvp(smooth, (2.0,), (1.0,))
model = nn.MLP(2, [4, 1])
outputs: ad.Number | list[ad.Number] = model([1.0, 2.0])
one: ad.Number = nn.Neuron(2)([1.0, 2.0])

ad.sinn(1.0)  # mistake
ad.exp_(1.0)  # mistake
ad.Vlaue(2.0)  # mistake
a.gard  # mistake
a.backwards()  # mistake
a.sinn()  # mistake
a.tanhh().backward()  # mistake
Dual(1.0, 1.0).tangant  # mistake
a.label = 7  # mistake
a.scope = "layer"  # mistake
a.grad = "none"  # mistake
a.op.nmae  # mistake
wrong: float = ad.exp(a)  # mistake
short: Value = ad.exp(2.0)  # mistake
text: str = loss.data  # mistake
Value("2.0")  # mistake
Value(2.0, 7)  # mistake
ad.exp("2.0")  # mistake
ad.exp(1.0, 2.0)  # mistake
ad.power(1.0)  # mistake
ad.grad(smooth)(2.0, 3.0)  # mistake
ad.grad(smooth)("2.0")  # mistake
ad.grad(2.0)(1.0)  # mistake
ad.hessian(any_number)(1.0)  # mistake
ad.jacobian(smooth, mode="backward")  # mistake
ad.draw(loss, rankdir="XY")  # mistake
ad.step(loss).sav("x.html")  # mistake
nn.MLP(2, [4, 1]).paramters()  # mistake
nn.mlp(2, [4, 1])  # mistake
words: str = model([1.0, 2.0])  # mistake
digits: int = nn.Neuron(2)([1.0, 2.0])  # mistake
