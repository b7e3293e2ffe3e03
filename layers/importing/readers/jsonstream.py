"""JSON read piece by piece: the members of one large array, one at a time, in bounded memory."""

import json
from collections.abc import Iterator
from typing import TextIO

PIECE = 1 << 20
#: One value larger than this is no feature (ten million vertices take about 200 MB).
MAX_VALUE = 300 * 1024**2


class JsonFault(ValueError):
    """The text is not JSON (NaN and Infinity count as such), nested too deeply, or too large."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def _no_constant(_name):
    raise JsonFault("json-not-a-number")


#: Longer whole numbers are beyond every column; Python refuses to read those of over 4,300 digits.
_LONGEST_INTEGER = 300


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_INTEGER else text


_decoder = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)


class JsonStream:
    """A cursor over JSON text; `members` and `elements` walk a container without loading it."""

    def __init__(self, text: TextIO):
        self._text = text
        self._buffer = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in " \t\r\n\x1e":
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Step over one character that must come next."""
        if self.peek() != character:
            raise JsonFault("json-damaged")
        self._at += 1

    def value(self):
        """The next value, whole."""
        self.peek()
        while True:
            try:
                value, end = _decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if not self._may_be_cut(error) or not self._more():
                    raise JsonFault("json-damaged") from None
                continue
            except RecursionError:
                raise JsonFault("json-too-deep") from None
            # A number at the very end of the buffer may go on in the next piece.
            if end == len(self._buffer) and self._more():
                continue
            self._at = end
            return value

    def members(self) -> Iterator[str]:
        """The names of an object's members; the caller reads each value before going on."""
        self.expect("{")
        if self.peek() == "}":
            return self.expect("}")
        while True:
            name = self.value()
            self.expect(":")
            yield name
            if self.peek() != ",":
                return self.expect("}")
            self.expect(",")

    def elements(self) -> Iterator[None]:
        """Stops before each element of an array; the caller reads it before going on."""
        self.expect("[")
        if self.peek() == "]":
            return self.expect("]")
        while True:
            yield
            if self.peek() != ",":
                return self.expect("]")
            self.expect(",")

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos >= len(self._buffer) - 16

    def _more(self) -> bool:
        if self._ended:
            return False
        if len(self._buffer) - self._at > MAX_VALUE:
            raise JsonFault("json-too-large")
        # Doubling what is held keeps the cost of decoding a long value again linear.
        piece = self._text.read(max(PIECE, len(self._buffer) - self._at))
        self._ended = not piece
        self._buffer = self._buffer[self._at :] + piece
        self._at = 0
        return bool(piece)
