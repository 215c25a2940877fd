"""Text as people wrote it, made fit for every kind of document, as reports share it."""

from __future__ import annotations

from partybuild.assessment.texts import clean_or_none as clean_or_none
from partybuild.assessment.texts import clean_text as clean_text
