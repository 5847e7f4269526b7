"""`python -m registry.witness`, and what the single file `sanquan-witness.pyz` runs."""

import sys

from registry.witness.command import main

sys.exit(main())
