"""Adapters: models to other systems and from them. Each is one file that no other knows: removing it is deleting it.

torch  to_torch, from_torch: PyTorch's modules
onnx   to_onnx: a file for whatever runs those
"""
