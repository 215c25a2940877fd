"""What an assessment says in one number, for scripts."""

from __future__ import annotations

from partybuild.assessment.assessment import Assessment
from partybuild.cli.codes import GOOD, SHORT, UNKNOWN

_SHORT = ("breached", "missed", "behind")
_UNKNOWN = ("no_data", "unquantified")


def verdict_code(assessment: Assessment) -> int:
    """The exit code of an assessment, by the statuses of its targets.

    1 when a target is breached, missed or behind, before 2 when one has no data or no
    goal to judge by, or when there is no target at all; else 0.
    """
    statuses = set(assessment.targets["status"].astype(str))
    if statuses & {*_SHORT}:
        return SHORT
    return UNKNOWN if statuses & {*_UNKNOWN} or not statuses else GOOD
