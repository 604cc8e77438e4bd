"""The lab: what the lecture's stacks really do on XOR, as a table, as pictures, and beside Keras itself.

Everything here is a pure function of its arguments; printing, bars and files belong to the command line.
"""
