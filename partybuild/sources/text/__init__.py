"""From the words of a report to a draft plan: rule-based, offline, in linear time."""
