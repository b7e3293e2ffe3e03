"""Texts changed in the database."""

from django.db.models import Func, TextField, Value


class Replaced(Func):
    """The text with what a regular expression matches first replaced; NULL stays NULL."""

    function = "regexp_replace"
    output_field = TextField()

    def __init__(self, text, pattern: str, replacement: str):
        # A backslash or ampersand would mean something in the replacement.
        plain = replacement.replace("\\", "\\\\").replace("&", "\\&")
        super().__init__(text, Value(pattern), Value(plain))
