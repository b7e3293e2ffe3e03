"""What is kept of the records of stored layers for tiles.

ST_AsMVT looks at each value of each record, which costs more than all else. A record therefore
keeps its values in the very bytes of a tile (`tile_values`), one after the other, and what is to be
known of them (`tile_facts`): its number, its place where it is a point, and the size of each value.
The key comes first, then the public fields by name. layers.mvt joins what is kept to tiles.

The functions are those of a migration (0019). They write values as ST_AsMVT writes what
layers.postgis.tile_statements gives it.
"""

from layers.mvt.records import NO_PLACE
from layers.mvt.twkb import DIGITS

#: Of a record with more bytes of values nothing is kept: a few hundred fill a tile as it is, and
#: tiles of names alone would carry the rest in vain.
_MOST_BYTES = 1000

KEEP_FOR_TILES = f"""
    SELECT int8send(NEW.id) || (
            CASE WHEN GeometryType(NEW.geom) = 'POINT' AND NOT ST_IsEmpty(NEW.geom)
                THEN int4send(round(ST_X(NEW.geom) * 1e{DIGITS})::int)
                    || int4send(round(ST_Y(NEW.geom) * 1e{DIGITS})::int)
                ELSE int4send({NO_PLACE}) || int4send({NO_PLACE}) END
        ) || string_agg(int2send(octet_length(value)::int2), '' ORDER BY place, name COLLATE "C"),
        string_agg(value, '' ORDER BY place, name COLLATE "C")
    INTO NEW.tile_facts, NEW.tile_values FROM (
        SELECT 1 AS place, '' AS name, tile_text(NEW.key) AS value
        UNION ALL
        SELECT 2, name, tile_value(type, NEW.properties -> name)
        FROM layers_layerfield WHERE layer_id = NEW.layer_id AND public AND name <> 'id'
    ) AS held HAVING sum(octet_length(value)) <= {_MOST_BYTES};
    NEW.tile_facts := coalesce(NEW.tile_facts, '');
    NEW.tile_values := coalesce(NEW.tile_values, '');
"""
