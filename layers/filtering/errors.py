"""What is said when a filter cannot be answered, and where in the filter that is."""

from layers.errors import BadParameter
from layers.filtering.nodes import Place

_SHOWN = 60


class BadFilter(Exception):
    """A fault of a filter at a place in it; the message is in the reader's language."""

    def __init__(self, message: str, at: Place):
        super().__init__(message)
        self.message = message
        self.at = at


class RefusedFilter(BadParameter):
    """A filter refused: `position` is the number of the character in CQL2 text, from 1, and `piece`
    what stands there; `pointer` (RFC 6901) is the place in CQL2 JSON.
    """

    code = "bad-filter"

    def __init__(self, fault: BadFilter, source: str):
        super().__init__("filter", fault.message)
        if fault.at.pointer is not None:
            self.extra["pointer"] = fault.at.pointer
        else:
            start, end = fault.at.start, fault.at.end
            self.extra |= {"position": start + 1, "piece": source[start : min(end, start + _SHOWN)]}
