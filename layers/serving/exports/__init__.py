"""Any filter of a layer as a file: GeoJSON, CSV, Excel, GeoPackage."""

from layers.serving.exports.response import FORMATS, export_response

__all__ = ["FORMATS", "export_response"]
