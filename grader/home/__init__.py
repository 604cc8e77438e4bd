"""A student's own machine: what plain pytest shows and what is remembered. Results in, words and a small file out."""
