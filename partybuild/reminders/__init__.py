"""What is due, as a calendar that phones import, and what a week brought, as a message."""

from partybuild.reminders.digest import render_digest
from partybuild.reminders.ical import render_ical

__all__ = ["render_digest", "render_ical"]
