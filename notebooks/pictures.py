"""The pictures of README.md: `make pictures`."""

import sys
import tempfile
from pathlib import Path

import autodiff as ad
import nn
from autodiff import Value

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from browser import executable, launched

PICTURES = Path(__file__).parent / "pictures"
STEP = 21  # of the sweeps below: the second contribution to x₂


def f(x1, x2):
    """Baydin and others' example."""
    growth = ad.log(x1) + x1 * x2
    return growth - ad.sin(x2)


def neuron():
    """The neuron of micrograd's lecture."""
    x1, x2, w1, w2 = (Value(x, name) for name, x in {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0}.items())
    o = (x1 * w1 + x2 * w2 + Value(6.8813735870195432, "b")).tanh()
    o.label = "o"
    o.backward()
    return o


def network():
    """Two layers at work."""
    output = nn.MLP(3, [4, 4, 2], "tanh", rng=1)([Value(x, f"x{i}") for i, x in enumerate([0.5, -1.0, 0.25], 1)])
    output[0].backward()
    return output


def stepper(scheme, path):
    """The page in a browser, as a PNG."""
    with tempfile.TemporaryDirectory() as folder, launched(executable()) as browser:
        page = browser.new_page(viewport={"width": 1080, "height": 760}, color_scheme=scheme, device_scale_factor=1.5)
        page.goto(ad.step(f, 2.0, 5.0, at=STEP).save(Path(folder) / "steps.html").as_uri())
        page.screenshot(path=path, full_page=True)


def main():
    """Make them all."""
    if executable() is None:
        sys.exit("the stepper is pictured in Chromium: apt-get install chromium")
    print(ad.draw(neuron(), partials=True).save(PICTURES / "neuron.svg"))
    print(ad.draw(network(), shape="network").save(PICTURES / "network.svg"))
    print(ad.step(f, 2.0, 5.0).save(PICTURES / "steps.svg"))
    for scheme in ("light", "dark"):
        stepper(scheme, PICTURES / f"stepper-{scheme}.png")
        print(PICTURES / f"stepper-{scheme}.png")


if __name__ == "__main__":
    main()
