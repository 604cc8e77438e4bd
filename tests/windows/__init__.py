"""The student's commands on a real Windows Python, run by Wine."""
