"""The conformance classes that are held, by standard."""

_OGC = "http://www.opengis.net/spec"
_HELD = {
    # OGC API – Features, Part 1: Core, Part 2: CRS, Part 3: Filtering
    "ogcapi-features-1/1.0": ("core", "oas30", "html", "geojson"),
    "ogcapi-features-2/1.0": ("crs",),
    "ogcapi-features-3/1.0": (
        "queryables",
        "queryables-query-parameters",
        "filter",
        "features-filter",
    ),
    # Part 5: Schemas
    "ogcapi-features-5/1.0": ("schemas", "advanced-property-roles", "returnables-and-receivables"),
    "cql2/1.0": (
        "cql2-text",
        "cql2-json",
        "basic-cql2",
        "advanced-comparison-operators",
        "case-insensitive-comparison",
        "accent-insensitive-comparison",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "spatial-functions",
        "temporal-functions",
        "array-functions",
        "property-property",
        "functions",
        "arithmetic",
    ),
    # OGC API – Tiles, Part 1: Core, and Two Dimensional Tile Matrix Set and Tile Set Metadata
    "ogcapi-tiles-1/1.0": (
        "core",
        "tileset",
        "tilesets-list",
        "dataset-tilesets",
        "geodata-tilesets",
        "collections-selection",
        "mvt",
        "oas30",
    ),
    "tms/2.0": (
        "tilematrixset",
        "json-tilematrixset",
        "tilesetmetadata",
        "json-tilesetmetadata",
        "tilematrixsetlimits",
        "json-tilematrixsetlimits",
    ),
}
CONFORMANCE = tuple(
    f"{_OGC}/{standard}/conf/{name}" for standard, names in _HELD.items() for name in names
)
