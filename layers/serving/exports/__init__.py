"""Any filter of a layer as a file, in any system that is offered."""

from layers.serving.exports.formats import FORMATS
from layers.serving.exports.response import export_response

__all__ = ["FORMATS", "export_response"]
