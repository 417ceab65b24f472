"""A function written down once, as a list of instructions.

instructions  the little language, and its checker
locals        names for instructions, as local variables had them
passes        the same numbers by fewer instructions
encoding      tapes as text, for files
origin        the system that a tape came from, and its derivatives beside ours
tables        what the textbooks print of a tape: its evaluation trace
tape          Tape, and trace, which makes one of a function
"""
