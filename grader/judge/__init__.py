"""Grading: one submission, many in processes or on a cluster, and a journal of what is done. Bytes in, reports out."""
