"""P3, P8: files in the own folder reach nobody (finds_things). Classes 16, 17, 18, 19, 20, 21, 79.

Expect: held
"""

FILES = {
    "conftest.py": "def pytest_runtest_call(item):\n    item.runtest = lambda: None\n",
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
    "sitecustomize.py": "import os\nos._exit(0)\n",
    "usercustomize.py": "import os\nos._exit(0)\n",
    "numpy.py": "raise SystemExit\n",
    "random.py": "raise SystemExit\n",
    "double.py": "def double(x):\n    return 2 * x\n",
    "evil.pth": "import os; os._exit(0)\n",
    ".keras/keras.json": '{"floatx": "float16"}',
    "__pycache__/double.cpython-311.pyc": "x",
}
INSTALLED = [path for path in sys.path if path.endswith("-packages")]


def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return True


for name, text in FILES.items():
    write(name, text)
    write(os.path.expanduser(f"~/{name}"), text)
    for place in [BANK, OUTSIDE, HOME, "/tmp", *INSTALLED, os.path.dirname(os.__file__)]:
        attempt(f"{place}/{name}", lambda: write(os.path.join(place, name), text))
