"""The formats of exports as they are negotiated, and as pages offer them."""

from django.utils.translation import get_language

from layers.serving.exports.formats import FORMATS
from layers.serving.links import with_query
from layers.serving.negotiation import LANGUAGES, Format

NEGOTIATED = tuple(Format(name, each.media_type) for name, each in FORMATS.items())


def downloads(address: str, records: int | None) -> list[dict]:
    """Each format with the address of an export of so many records, None: not known.

    `later` is true where a job makes the file.
    """
    (language,) = (code for code, name in LANGUAGES.items() if name == get_language())
    return [
        {
            "title": str(each.title),
            "ending": each.ending,
            "url": with_query(address, f=name, lang=language),
            "later": records is not None and records > each.at_once,
        }
        for name, each in FORMATS.items()
    ]
