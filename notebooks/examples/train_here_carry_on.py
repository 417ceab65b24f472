"""A network that is trained here, kept in a file, and carried to PyTorch, ONNX and back.

python notebooks/examples/train_here_carry_on.py
"""

import tempfile
from pathlib import Path

import onnxruntime
import torch

import nn
from nn.watching.examples import moons

own = moons()
history = nn.fit(own.model, own.inputs, own.targets, loss=own.loss, optimizer=own.optimizer, steps=200, progress=False)
print("trained here:", history)

with tempfile.TemporaryDirectory() as folder:
    model = nn.load(nn.save(own.model, Path(folder) / "moons.safetensors"))
    print("kept and loaded:", model.predict(own.inputs) == own.model.predict(own.inputs))

    there = nn.to_torch(model)
    outputs = there(torch.tensor(own.inputs, dtype=torch.float64)).ravel().tolist()
    print(f"PyTorch: apart {max(abs(a - b) for a, b in zip(outputs, model.predict(own.inputs), strict=True)):.0e}")

    session = onnxruntime.InferenceSession(nn.to_onnx(model, Path(folder) / "moons.onnx"))
    (outputs,) = session.run(None, {"x": own.inputs})
    print(f"ONNX: apart {max(abs(a - b) for a, b in zip(outputs.ravel(), model.predict(own.inputs), strict=True)):.0e}")

    print("and back:", nn.from_torch(there).predict(own.inputs) == model.predict(own.inputs))
