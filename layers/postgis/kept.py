"""What is kept of the records of stored layers for tiles.

ST_AsMVT looks at each value of each record, which costs more than all else. A record therefore
keeps its texts as they stand in a tile, one after the other (`tile_texts`), and what is to be known
of it besides (`tile_facts`): its number, its place where it is a point, the size of each text, and
its other values. The key comes first, then the public fields by name. layers.mvt joins what is kept
to tiles.

Texts are kept as texts, not as bytes, because the driver is given bytes in twice as many digits:
that alone took a quarter of the time of a tile of points. The functions are those of a migration
(0019); they tell values as layers.postgis.tile_statements does.
"""

from layers.mvt.facts import DIGITS, KINDS_OF_NUMBERS

#: Of a record with more bytes of texts nothing is kept: a few hundred fill a tile as it is, and
#: tiles of names alone would carry the rest in vain.
_MOST_BYTES = 1000
_NUMBERS = ", ".join(f"'{kind}'" for kind in KINDS_OF_NUMBERS)

KEEP_FOR_TILES = f"""
    SELECT int8send(NEW.id)
        || CASE WHEN GeometryType(NEW.geom) = 'POINT' AND NOT ST_IsEmpty(NEW.geom)
            THEN int4send(round(ST_X(NEW.geom) * 1e{DIGITS})::int)
                || int4send(round(ST_Y(NEW.geom) * 1e{DIGITS})::int)
            ELSE '' END
        || string_agg(int2send(least(octet_length(written), 32767)::int2), ''
            ORDER BY place, name COLLATE "C")
            FILTER (WHERE number IS NULL)
        || coalesce(string_agg(number, '' ORDER BY name COLLATE "C"), ''),
        string_agg(written, '' ORDER BY place, name COLLATE "C")
    INTO NEW.tile_facts, NEW.tile_texts FROM (
        SELECT 1 AS place, '' AS name, tile_text(NEW.key) AS written, NULL::bytea AS number
        UNION ALL
        SELECT 2, name, tile_text(
                CASE type WHEN 'codes' THEN (NEW.properties -> name)::text
                    ELSE NULLIF(NEW.properties ->> name, '') END
            ), NULL::bytea
        FROM layers_layerfield
        WHERE layer_id = NEW.layer_id AND public AND name <> 'id' AND type NOT IN ({_NUMBERS})
        UNION ALL
        SELECT 3, name, '', tile_number(type, NEW.properties -> name)
        FROM layers_layerfield
        WHERE layer_id = NEW.layer_id AND public AND name <> 'id' AND type IN ({_NUMBERS})
    ) AS held HAVING sum(octet_length(written)) <= {_MOST_BYTES} AND bool_and(written IS NOT NULL);
    NEW.tile_facts := coalesce(NEW.tile_facts, '');
    NEW.tile_texts := coalesce(NEW.tile_texts, '');
"""
