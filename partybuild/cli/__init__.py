"""The command line, thin over the API (extra ``cli``): `main` is what ``partybuild`` runs."""

from partybuild.cli.running import main

__all__ = ["main"]
