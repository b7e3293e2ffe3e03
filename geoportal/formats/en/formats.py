"""Dates with the month in letters: readers from many countries order the figures differently."""

DATE_FORMAT = "j F Y"
