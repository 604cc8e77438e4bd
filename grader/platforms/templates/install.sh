#!/usr/bin/env bash
# Makes .venv/bin/kata beside this file: run once, when the platform builds its image.
# KATA_PYTHON names a Python (3.11 to 3.14) to take; pip reads its own variables, such as PIP_INDEX_URL.
set -euo pipefail
cd "$$(dirname "$${BASH_SOURCE[0]}")"

python=$${KATA_PYTHON:-}
usable() { "$$1" -c 'import ensurepip, venv' 2>/dev/null; }
if [ -z "$$python" ]; then
    # First the version that requirements.txt was made with.
    for version in $versions; do
        if usable "python$$version"; then python=python$$version; break; fi
    done
fi
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    command -v bwrap >/dev/null && [ -n "$$python" ] || apt-get update -qq
    # Where the container lets it work, a further wall around the students' code.
    command -v bwrap >/dev/null || apt-get install -qq -y --no-install-recommends bubblewrap || true
    if [ -z "$$python" ]; then
        for version in $versions; do
            if apt-get install -qq -y --no-install-recommends "python$$version" "python$$version-venv"; then
                python=python$$version
                break
            fi
        done
    fi
fi
[ -n "$$python" ] || { echo "No Python 3.11 or newer with venv: choose a newer base image, or set KATA_PYTHON" >&2; exit 1; }

[ -x .venv/bin/python ] || "$$python" -m venv .venv
.venv/bin/python -I -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
.venv/bin/kata --version
