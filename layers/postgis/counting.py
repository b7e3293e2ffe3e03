"""Counts kept as records are written, so that nobody has to read a large layer to know its size.

What is counted are the records that are seen at any time: published, with neither beginning nor
end. Those that come and go by the clock are few, and are looked at when counts are read.
"""

import pgtrigger
from django.db import connection

from layers.postgis.triggers import after_changes

#: The levels of the curve (layers.postgis.curve) at which the records of cells are counted: those
#: by which tiles gather from level 0 to 12.
FIRST, LAST = 5, 17
#: A record smaller than its cell by so many halvings is small, by so many of medium size.
SMALL, MEDIUM = 3, 1

#: The cell of a level that a record lies in, as the number where it begins on the curve.
_PLACE = "(curve >> (2 * (29 - level) + 5)) << (2 * (29 - level) + 5)"
_COUNT_CELLS = f"""
    INSERT INTO layers_cellcount AS held (layer_id, level, place, small, medium, large, lon, lat)
    SELECT * FROM (
        SELECT layer_id, level, place,
            coalesce(sum(sign) FILTER (WHERE finer >= {SMALL}), 0) AS small,
            coalesce(sum(sign) FILTER (WHERE finer >= {MEDIUM} AND finer < {SMALL}), 0) AS medium,
            coalesce(sum(sign) FILTER (WHERE finer < {MEDIUM}), 0) AS large,
            coalesce(sum(sign * lon) FILTER (WHERE finer >= {MEDIUM}), 0) AS lon,
            coalesce(sum(sign * lat) FILTER (WHERE finer >= {MEDIUM}), 0) AS lat
        FROM (
            SELECT layer_id, sign, level, (curve & 31) - level AS finer, {_PLACE} AS place,
                (ST_XMin(geom) + ST_XMax(geom)) / 2 AS lon,
                (ST_YMin(geom) + ST_YMax(geom)) / 2 AS lat
            FROM {{changed}}
            CROSS JOIN generate_series({FIRST}, least({LAST}, (curve & 31)::int)) AS level
            WHERE counted AND curve >= 0
        ) AS record
        GROUP BY layer_id, level, place
    ) AS met
    WHERE (small, medium, large, lon, lat) IS DISTINCT FROM (0, 0, 0, 0, 0)
    -- What is read together is to lie together.
    ORDER BY layer_id, level, place
    ON CONFLICT (layer_id, level, place) DO UPDATE SET
        small = held.small + excluded.small, medium = held.medium + excluded.medium,
        large = held.large + excluded.large, lon = held.lon + excluded.lon,
        lat = held.lat + excluded.lat;
"""
#: An edge of the box is lost with a record that lay on it, where none that has come lies there too.
_COUNT_LAYERS = """
    INSERT INTO layers_layercount (layer_id, number, is_bounded, changes)
    SELECT DISTINCT layer_id, 0, true, 0 FROM {changed} WHERE counted
    ON CONFLICT DO NOTHING;
    UPDATE layers_layercount AS held SET
        number = held.number + met.number,
        west = least(held.west, met.west), south = least(held.south, met.south),
        east = greatest(held.east, met.east), north = greatest(held.north, met.north),
        is_bounded = held.is_bounded AND NOT coalesce(
            lost_west <= held.west AND coalesce(met.west > held.west, true)
            OR lost_south <= held.south AND coalesce(met.south > held.south, true)
            OR lost_east >= held.east AND coalesce(met.east < held.east, true)
            OR lost_north >= held.north AND coalesce(met.north < held.north, true), false),
        changes = held.changes + 1
    FROM (
        SELECT layer_id, sum(sign) AS number,
            min(ST_XMin(geom)) FILTER (WHERE sign > 0) AS west,
            min(ST_YMin(geom)) FILTER (WHERE sign > 0) AS south,
            max(ST_XMax(geom)) FILTER (WHERE sign > 0) AS east,
            max(ST_YMax(geom)) FILTER (WHERE sign > 0) AS north,
            min(ST_XMin(geom)) FILTER (WHERE sign < 0) AS lost_west,
            min(ST_YMin(geom)) FILTER (WHERE sign < 0) AS lost_south,
            max(ST_XMax(geom)) FILTER (WHERE sign < 0) AS lost_east,
            max(ST_YMax(geom)) FILTER (WHERE sign < 0) AS lost_north
        FROM {changed} WHERE counted GROUP BY layer_id
    ) AS met
    WHERE held.layer_id = met.layer_id;
"""
#: Sums of floating point do not come back to naught, and empty cells would stay for ever.
_CLEAR_CELLS = f"""
    DELETE FROM layers_cellcount AS held
    USING (
        SELECT DISTINCT layer_id, level, {_PLACE} AS place
        FROM before CROSS JOIN generate_series({FIRST}, {LAST}) AS level
        WHERE counted AND curve >= 0
    ) AS left_behind
    WHERE (held.layer_id, held.level, held.place)
            = (left_behind.layer_id, left_behind.level, left_behind.place)
        AND held.small = 0 AND held.medium = 0 AND held.large = 0;
    DELETE FROM layers_layercount
    WHERE number = 0 AND layer_id IN (SELECT layer_id FROM before);
"""
_CAME = "(SELECT *, 1 AS sign FROM after) AS changed"
_WENT = "(SELECT *, -1 AS sign FROM before) AS changed"
_MOVED = "(SELECT *, 1 AS sign FROM after UNION ALL SELECT *, -1 AS sign FROM before) AS changed"


def count_records() -> list[pgtrigger.Trigger]:
    """Keep the counts of cells and of layers, after each statement that changes records.

    Who writes to a layer holds its row (see bump_stored_layers, which comes first by name), so that
    two never count one cell at the same time.
    """
    return after_changes(
        "count_records",
        {"insert": _counting(_CAME), "update": _counting(_MOVED), "delete": _counting(_WENT)},
    )


def _counting(changed: str) -> str:
    clear = "" if changed is _CAME else _CLEAR_CELLS
    body = _COUNT_CELLS.format(changed=changed) + _COUNT_LAYERS.format(changed=changed) + clear
    return f"""
    IF EXISTS (SELECT FROM {changed} WHERE counted) THEN
        {body}
    END IF;
    RETURN NULL;
    """


def forget_all_counts() -> pgtrigger.Trigger:
    """Nothing is counted where all records are gone at once."""
    return pgtrigger.Trigger(
        name="forget_all_counts",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Truncate,
        func="""
        DELETE FROM layers_cellcount;
        DELETE FROM layers_layercount;
        RETURN NULL;
        """,
    )


def may_mend() -> bool:
    """Whether a read may keep what it found out: not within a snapshot, nor on a replica."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('transaction_read_only') = 'off'"
            " AND current_setting('transaction_isolation') = 'read committed'"
        )
        return cursor.fetchone()[0]
