"""Graphs as people see them: listed, stepped through, drawn, as a page."""
