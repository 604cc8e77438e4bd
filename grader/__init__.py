"""The judge of perceptron-kata: it marks short katas and names the mistake it sees."""

__version__ = "0.1.0"
