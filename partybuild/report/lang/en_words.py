"""Words of headings, columns and fixed lines, in English."""

from __future__ import annotations

from partybuild.report.lang.en_workbook import WORKBOOK_WORDS

WORDS = WORKBOOK_WORDS | {
    "title": "{title}: how it stands",
    "untitled": "Plan {id}",
    "until": "as of {day}",
    "known": " (by records written down until {day})",
    "target": "Target",
    "required": "Required",
    "actual": "Actual",
    "completion": "Completion",
    "light": "Status",
    "status": "Status",
    "shortfall": "Shortfall",
    "due": "Due",
    "organisation": "Organisation",
    "rank": "Rank",
    "owner": "Owner",
    "section": "Commitment",
    "text": "Text",
    "red": "Red",
    "yellow": "Yellow",
    "green": "Green",
    "grey": "Grey",
    "other": "Other commitments",
    "achievements": "Achieved",
    "shortfalls": "Short",
    "league": "League table",
    "remarks": "About the figures",
    "qualitative": "Qualitative",
    "allowed_note": "* Some windows or members fell short; the number required was reached.",
    "legend": "● green: met or on track; ▲ yellow: behind, used too fast, in progress, done "
    "late or nearly due; ■ red: missed, breached, or due without data; ○ grey: not yet due, "
    "unquantified, waived.",
    "pictures": "Charts",
    "matrix": "Organisations by targets",
    "by_place": "What each organisation lacks",
    "report": "{title}: report on the year",
    "duties": "What was promised and done",
    "problems": "What is short",
    "next": "Next steps",
    "nothing_done": "What was promised here is still short; see below.",
    "no_next": "(To follow from next year's plan.)",
    "no_shortfall": "Nothing is short at present.",
    "only_short": "(Many organisations: the tables list only what is short.)",
    "colon": ":",
}
