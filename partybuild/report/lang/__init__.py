"""Every word that reports say, one file a language."""

from partybuild.report.lang.wording import Wording, wording

__all__ = ["Wording", "wording"]
