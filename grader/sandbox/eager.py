"""Lets TensorFlow run an operation as such, where its default makes a function of one node around each first one.

Making, placing and optimising these functions is a third of what a fresh process needs to build a few Keras models.
Values are the same, bit for bit; only the function's name is missing before an error's text, and places.py takes it out
of the text everywhere.
"""

import importlib


def run_operations_directly() -> None:
    """Set it for this process and those that it forks, before the first operation. TensorFlow must be there.

    It is an option of TensorFlow's C interface that its Python always sets to true.
    """
    options = importlib.import_module("tensorflow.python.pywrap_tfe")
    set_option = getattr(options, _OPTION, None)
    # A TensorFlow that has no such option any more has only one way to run an operation.
    if set_option is not None:
        setattr(options, _OPTION, lambda chosen, _: set_option(chosen, False))


_OPTION = "TFE_ContextOptionsSetRunEagerOpAsFunction"
