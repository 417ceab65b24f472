"""Numbers that differentiate: one table of elementary functions, and the numbers that read it."""
