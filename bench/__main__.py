"""How fast is it, beside the tools of the trade? `./run bench` runs this."""

from __future__ import annotations

import sys

from bench.run import main

sys.exit(main(sys.argv[1:]))
