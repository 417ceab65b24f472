"""Compiled functions: the tape that a student reads, at the speed of the machine.

forms        values of rows, written with what NumPy and the machine have
arguments    numbers apart from their structure, arrays as they lie
lifting      tracing, with the Values that a function closes over as inputs too
rolling      loops found again in a tape
source       a tape as Python that a person can read: the backend `source`
finite       where something first became infinite or nan
passes       code to code: masks, dot products, sums over rows
lanes        a register of numbers, in the text of LLVM's language
control      the control block, and what drives the interpreter over all rows
kernel       the interpreter: one loop over instructions, each for a block of rows
lowering     code as the interpreter reads it
objects      machine code kept on disk
machine      machine code, made once a process
running      rows in blocks, blocks in parts, parts in threads
interpreter  the backend `interpreter`
traces       a function traced for one structure of arguments, and what runs it
bound        arguments fixed once, and descent
compiled     ad.compile
"""
