"""Runs a student's file in another process and carries plain data across.

Who runs where: `client` in the judge's process; `zygote` and everything it forks on the far side. What crosses:
`wire` frames (length-prefixed JSON) that hold `values` (plain data) and nothing else. `workbench` holds the
student's module and answers the requests, in the sandbox and, under plain pytest, in the student's own process.
"""
