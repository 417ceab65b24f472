"""Derivatives held against what values alone say."""
