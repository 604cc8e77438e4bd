import numpy as np


def one_pass(row):
    return np.sort(row)


def passes(row):
    return 3
