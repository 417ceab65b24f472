"""A function written down once, as a list of instructions."""
