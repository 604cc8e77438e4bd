"""Which answers are the same once names, comments, numbers' spelling and layout are taken away."""
