#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image; the zip is unpacked in /autograder/source.
set -euo pipefail
bash "$${KATA_ROOT:-/autograder}/source/install.sh"
# Nobody but the judge has to read the checks or write results.
chmod -R go-rwx "$${KATA_ROOT:-/autograder}/source/bank"
