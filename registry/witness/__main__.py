"""`python -m registry.witness`: the program, where the whole package is installed."""

import sys

from registry.witness.command import main

if __name__ == "__main__":
    sys.exit(main())
