from functools import partial, reduce


def neuron(x1, x2, w1, w2, b):
    z = x1 * w1 + x2 * w2 + b
    return 1 if z > 0 else 0


# The same neuron with weights of its own, taken hold of before any gate is asked.
x1_not_x2 = partial(neuron, w1=1, w2=-1, b=-0.5)
either = partial(neuron, w1=1, w2=1, b=-0.5)
nand = lambda a, b, gate=neuron: gate(a, b, -0.5, -0.5, 0.7)


HIDDEN = {
    (0, 0): (1, 0),
    (0, 1): (1, 1),
    (1, 0): (1, 1),
    (1, 1): (0, 1),
}


def xor_gate(x1, x2):
    return reduce(either, (x1_not_x2(x1, x2), x1_not_x2(x2, x1)))


def xor_nand_only(x1, x2):
    both = nand(x1, x2)
    return nand(nand(x1, both), nand(both, x2))
