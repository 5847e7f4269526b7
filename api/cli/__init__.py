"""The `sanquan` command: the same answers as the service, and the work that needs no service."""

from api.cli.command import main, run

__all__ = ["main", "run"]
