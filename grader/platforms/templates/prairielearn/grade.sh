#!/usr/bin/env bash
# PrairieLearn runs this for each submission, in a container without a network.
# To try the package at home: KATA_ROOT in place of /grade, KATA_HOME in place of /kata.
root=$${KATA_ROOT:-/grade}
cd "$$root/tests" || exit 1
exec "$${KATA_HOME:-/kata}/.venv/bin/kata" package run prairielearn --judge . --submission "$$root/student" --results "$$root/results"
