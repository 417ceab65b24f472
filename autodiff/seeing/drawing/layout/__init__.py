"""Where a picture lies, found by ourselves: siblings in the order of arguments and creation wherever no line crosses.

The classical way in four steps (Sugiyama, Tagawa and Toda, 1981), frame by frame from inside out:

measuring    how large a text is
ranks        which column a node stands in
order        which nodes stand above which in a column
parts        what is laid out already
items        what stands in a frame
coordinates  how high each stands
wrapping     a long chain in lines
frames       each frame laid out by itself, then as a box of the frame around it
turning      `placed`: in the direction of the picture

A node here is a number from 0; its edges go from column to column, the longer ones through points in between.
Everything goes from left to right, and is turned in the end.
"""
