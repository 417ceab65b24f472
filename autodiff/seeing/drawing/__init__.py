"""Drawings: what is drawn, where it lies, and the ink."""
