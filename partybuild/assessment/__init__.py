"""Actuals -> standings as of a date: pace, status by one printed rule table, roll-ups."""
