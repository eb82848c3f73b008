"""`python -m tests.benchmarks`: every benchmark, one after another, each printing its ratio. Takes pytest's options."""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main([str(Path(__file__).parent), "-p", "no:randomly", "--quiet", *sys.argv[1:]]))
