"""Is this process a command's own: does nothing else run in it, and does it end with the command?

Then what holds for a whole process may be settled for the one command: which libraries it finds, whose GDAL it is.
"""

from threading import Event

IS_ITS_OWN = Event()
"""Set by `main`; whoever calls `run` from a program of their own is not alone in it."""
