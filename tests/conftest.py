"""Hypothesis profiles: `ci`, the default, and `long`, chosen by `make fuzz`."""

from hypothesis import settings

settings.register_profile("ci", max_examples=500, deadline=None, derandomize=True)
settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile("ci")
