"""The katas in a browser: `make` writes the static site, `inside` runs in it, `source/` is its JavaScript."""
