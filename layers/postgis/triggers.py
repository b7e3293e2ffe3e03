"""Invariants that hold however a row is written, kept by the database itself (pgtrigger).

Derived columns: a record's district, its row version and time of change; and the data version of
its layer, which every cache validator is made from.
"""

from collections.abc import Mapping

import pgtrigger

from layers.postgis.fields import DEGREE_DIGITS
from layers.postgis.kept import KEEP_FOR_TILES

#: The county that holds a point on the record's surface, so that a road through two counties has a
#: stable answer; none outside all counties.
_COUNTY_OF = """
    SELECT d.id FROM layers_district d
    WHERE d.level = 'county' AND d.state = 'published'
      AND ST_Covers(d.geom, ST_PointOnSurface({geom}))
    ORDER BY d.code LIMIT 1
"""

_ASSIGN_DISTRICT = f"""
    NEW.district_id := ({_COUNTY_OF.format(geom="NEW.geom")});
    RETURN NEW;
"""

_ENCODE_FEATURE = f"""
    SELECT dictionary, '{{"type":"Feature","id":' || to_json(NEW.key)::text || ',"geometry":'
        || coalesce(ST_AsGeoJSON(
            CASE WHEN GeometryType(NEW.geom) IN ('POLYGON', 'MULTIPOLYGON')
                THEN ST_ForcePolygonCCW(NEW.geom) ELSE NEW.geom END,
            {DEGREE_DIGITS}, 0), 'null')
        || ',"properties":{{' || coalesce((
            SELECT string_agg(
                to_json(name)::text || ':' || coalesce((NEW.properties -> name)::text, 'null'),
                ',' ORDER BY "order", name)
            FROM layers_layerfield WHERE layer_id = NEW.layer_id AND public
        ), '') || '}}}}'
    INTO NEW.encoded_for, NEW.encoded FROM layers_layer WHERE id = NEW.layer_id;
"""
_RETURN_ROW = """
    RETURN NEW;
"""

#: Tables of records are known by the trigger that finds their district.
_REASSIGN_DISTRICT = f"""
    FOR records IN
        SELECT tgrelid::regclass FROM pg_trigger
        WHERE tgname LIKE 'pgtrigger\\_assign\\_district\\_%'
    LOOP
        EXECUTE format($sql$
            UPDATE %s r SET district_id = ({_COUNTY_OF.format(geom="r.geom")})
            WHERE r.geom && $1
              AND r.district_id IS DISTINCT FROM ({_COUNTY_OF.format(geom="r.geom")})
        $sql$, records) USING {{area}};
    END LOOP;
    RETURN NULL;
"""

_DERIVED = ("row_version", "updated_at", "curve")
_TOUCH_ROW = """
    NEW.row_version := OLD.row_version + 1;
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
"""


def assign_district() -> pgtrigger.Trigger:
    """Derive `district` when geometry is set or changed (落区)."""
    return pgtrigger.Trigger(
        name="assign_district",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("geom"),
        func=_ASSIGN_DISTRICT,
    )


def encode_feature() -> pgtrigger.Trigger:
    """Keep the row of a stored layer as the GeoJSON text that layers.postgis.features writes, and
    as it stands in tiles (layers.postgis.kept).

    Both are good while `encoded_for` is the layer's `dictionary`: rows written before the data
    dictionary changed are written out anew when they are read.
    """
    return pgtrigger.Trigger(
        name="encode_feature",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("layer_id", "key", "geom", "properties"),
        func=_ENCODE_FEATURE + KEEP_FOR_TILES + _RETURN_ROW,
    )


def reassign_district() -> list[pgtrigger.Trigger]:
    """Find the district of records anew when a county comes, moves, changes state or goes.

    Only records in the box of the county are looked at, by index.
    """
    parts = ("geom", "state", "level", "code")
    moved = " OR ".join(f"OLD.{part} IS DISTINCT FROM NEW.{part}" for part in parts)
    counties = "(OLD.level = 'county' OR NEW.level = 'county')"
    return [
        _reassign("come", pgtrigger.Insert, "NEW.geom", "NEW.level = 'county'"),
        _reassign(
            "change",
            pgtrigger.Update,
            "ST_Collect(OLD.geom, NEW.geom)",
            f"{counties} AND ({moved})",
        ),
        _reassign("go", pgtrigger.Delete, "OLD.geom", "OLD.level = 'county'"),
    ]


def _reassign(name: str, operation, area: str, when: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"reassign_district_{name}",
        when=pgtrigger.After,
        operation=operation,
        condition=pgtrigger.Condition(f"({when})"),
        declare=[("records", "regclass")],
        func=_REASSIGN_DISTRICT.format(area=area),
    )


def touch_row(*derived: str) -> pgtrigger.Trigger:
    """Count the row's versions and keep its time of change; derived columns do not count."""
    return pgtrigger.Trigger(
        name="touch_row",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=[*_DERIVED, *derived]),
        func=_TOUCH_ROW,
    )


def bump_layers(*slugs: str, published: bool = False) -> list[pgtrigger.Trigger]:
    """Raise the data version of typed layers when rows of this table change.

    With `published` the rows have a publication state, and those nobody sees raise nothing.
    """
    quoted = ", ".join(f"'{slug}'" for slug in slugs)
    condition = "WHERE state = 'published'" if published else ""
    func = f"""
        IF EXISTS (SELECT FROM {{changed}} {condition}) THEN
            -- Always the same row first: two who change several tables in another order would
            -- else wait for each other.
            PERFORM FROM layers_layer WHERE kind = 'typed' ORDER BY id LIMIT 1 FOR NO KEY UPDATE;
            UPDATE layers_layer SET version = version + 1 WHERE slug IN ({quoted});
        END IF;
        RETURN NULL;
    """
    emptied = pgtrigger.Trigger(
        name="bump_layers_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Truncate,
        func=f"""
            UPDATE layers_layer SET version = version + 1 WHERE slug IN ({quoted});
            RETURN NULL;
        """,
    )
    return [*after_changes("bump_layers", _with_changed(func)), emptied]


def count_own_versions() -> pgtrigger.Trigger:
    """Raise the data version of a layer when its own row changes, whatever version is written.

    An object read a while ago and saved now would otherwise take versions back, and forget levels
    at which there are records since.
    """
    return pgtrigger.Trigger(
        name="count_own_versions",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            NEW.version := OLD.version + 1;
            NEW.dictionary := greatest(OLD.dictionary, NEW.dictionary);
            NEW.levels := OLD.levels | NEW.levels;
            RETURN NEW;
        """,
    )


def bump_described_layers(which: str) -> list[pgtrigger.Trigger]:
    """Raise the data version of the layers that a row of the catalogue helps to describe.

    `which` is a condition on layers_layer that may name the row as `this`. Rows written back as
    they were, as the sync of declarations in code does at every start, raise nothing.
    """
    return [
        _bump_described("come", pgtrigger.Insert, "NEW", which),
        _bump_described("change", pgtrigger.Update, "NEW", which, pgtrigger.AnyChange()),
        _bump_described("go", pgtrigger.Delete, "OLD", which),
    ]


def bump_dictionary() -> list[pgtrigger.Trigger]:
    """Raise the version of the layer's dictionary as well as of its data when a field changes."""
    which = "id = this.layer_id"
    also = ", dictionary = dictionary + 1"
    return [
        _bump_described("come", pgtrigger.Insert, "NEW", which, also=also),
        _bump_described("change", pgtrigger.Update, "NEW", which, pgtrigger.AnyChange(), also=also),
        _bump_described("go", pgtrigger.Delete, "OLD", which, also=also),
    ]


def _bump_described(name, operation, row, which, condition=None, *, also="") -> pgtrigger.Trigger:
    layers = which.replace("this.", f"{row}.")
    return pgtrigger.Trigger(
        name=f"bump_described_{name}",
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"""
            UPDATE layers_layer SET version = version + 1{also} WHERE {layers};
            RETURN NULL;
        """,
    )


def bump_stored_layers() -> list[pgtrigger.Trigger]:
    """Raise the data version of the stored layers whose published rows change; note the levels."""
    func = """
        UPDATE layers_layer
        SET version = version + 1, levels = layers_layer.levels | found.levels
        FROM (
            SELECT layer_id, bit_or(layers_curve_level(curve)), bool_or(state = 'published')
            FROM {changed} GROUP BY layer_id
        ) AS found (layer_id, levels, is_seen)
        WHERE id = found.layer_id
            AND (is_seen OR layers_layer.levels | found.levels <> layers_layer.levels);
        RETURN NULL;
    """
    return after_changes("bump_layers", _with_changed(func))


def _with_changed(func: str) -> dict[str, str]:
    """The same function for each event, with the rows it changed as {changed}."""
    both = "(SELECT * FROM before UNION ALL SELECT * FROM after) AS changed"
    changed = {"insert": "after", "update": both, "delete": "before"}
    return {event: func.replace("{changed}", rows) for event, rows in changed.items()}


def after_changes(name: str, funcs: Mapping[str, str]) -> list[pgtrigger.Trigger]:
    """A function after each statement that inserts, updates or deletes, by these names.

    The rows are those `before` and `after`. PostgreSQL allows transition tables for one event per
    trigger only, hence three.
    """
    events = (
        ("insert", pgtrigger.Insert, pgtrigger.Referencing(new="after")),
        ("update", pgtrigger.Update, pgtrigger.Referencing(old="before", new="after")),
        ("delete", pgtrigger.Delete, pgtrigger.Referencing(old="before")),
    )
    return [
        pgtrigger.Trigger(
            name=f"{name}_{event}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=funcs[event],
        )
        for event, operation, referencing in events
    ]
