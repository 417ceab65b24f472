"""Training, watched: pages in which gradient descent runs, on tapes that Python wrote down.

examples    XOR, two moons, a sine: what there is to watch without data of one's own
tapes       tapes as data for a page: of a network, of its gradient, of an optimizer's rule
training    `watch`: a network that is trained in its page
descending  `descend`: paths of descent on a function of two numbers
page        the documents, and what runs in them

What happens in a page, by its scripts:

    machine     a tape is run, as data
    trainer     steps of training, as `fit` takes them; what has stopped to learn
    inside      a step, one thing at a time, in words
    curves      losses, and lines of equal height
    plane       what the network says over its inputs
    network     circles and lines
    points      the data, moved, added, taken out
    training    what is chosen, and the loop
    race        optimizers going down a function
    descending  the page of that
"""
