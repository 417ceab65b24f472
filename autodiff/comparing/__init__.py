"""Forward against reverse: numbers, cost, and why."""
