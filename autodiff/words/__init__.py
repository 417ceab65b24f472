"""How people write, print and type it."""
