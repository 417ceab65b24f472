"""Training, watched: pages in which gradient descent runs, on tapes that Python wrote down.

examples    XOR, two moons, a sine: what there is to watch without data of one's own
tapes       tapes as data for a page: of a network, of its gradient, of an optimizer's rule
training    `watch`: a network that is trained in its page
descending  `descend`: paths of descent on a function of two numbers
page/       the documents, and what runs in them
"""
