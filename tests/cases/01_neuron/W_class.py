Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


class neuron:
    def __init__(self, x1, x2, w1, w2, b):
        self.z = x1 * w1 + x2 * w2 + b

    def forward(self):
        return 1 if self.z > 0 else 0
