"""Records keep their values in the bytes of a tile (layers.postgis.kept)."""

import pgtrigger
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_KIND = "LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE"

# A number of any length, seven bits a byte, the lowest first; the highest bit tells of another
# byte. What is negative stands for the number without sign that has the same bits.
VARINT = f"""
CREATE FUNCTION tile_varint(given bigint) RETURNS bytea {_KIND} AS $body$
DECLARE
    rest bigint := given;
    made bytea := '';
BEGIN
    WHILE rest NOT BETWEEN 0 AND 127 LOOP
        made := made || set_byte('\\x00', 0, (rest & 127)::int | 128);
        rest := (rest >> 7) & ((1::bigint << 57) - 1);
    END LOOP;
    RETURN made || set_byte('\\x00', 0, rest::int);
END
$body$
"""

# Messages "Value" with the tag they have in a layer.
TEXT = f"""
CREATE FUNCTION tile_text(given text) RETURNS bytea {_KIND} AS $body$
DECLARE
    made bytea := convert_to(given, 'UTF8');
BEGIN
    made := '\\x0a'::bytea || tile_varint(octet_length(made)) || made;
    RETURN '\\x22'::bytea || tile_varint(octet_length(made)) || made;
END
$body$
"""

# Nothing where the value is none of its type.
VALUE = f"""
CREATE FUNCTION tile_value(kind text, given jsonb) RETURNS bytea {_KIND} AS $body$
DECLARE
    whole bigint;
    written text;
    made bytea;
BEGIN
    IF given IS NULL THEN
        RETURN '';
    ELSIF kind IN ('integer', 'year') THEN
        whole := CASE WHEN given BETWEEN '-9e18' AND '9e18' THEN given::bigint END;
        IF whole >= 0 THEN
            made := '\\x28'::bytea || tile_varint(whole);
        ELSIF whole < 0 THEN
            made := '\\x30'::bytea || tile_varint((whole << 1) # (whole >> 63));
        END IF;
    ELSIF kind = 'number' THEN
        IF given BETWEEN '-1e300' AND '1e300' THEN
            -- The lowest byte first.
            made := float8send(given::float8);
            made := '\\x19'::bytea || substring(made from 8 for 1) || substring(made from 7 for 1)
                || substring(made from 6 for 1) || substring(made from 5 for 1)
                || substring(made from 4 for 1) || substring(made from 3 for 1)
                || substring(made from 2 for 1) || substring(made from 1 for 1);
        END IF;
    ELSIF kind = 'boolean' THEN
        made := CASE given WHEN 'true' THEN '\\x3801' WHEN 'false' THEN '\\x3800' END;
    ELSE
        written := CASE kind WHEN 'codes' THEN given::text ELSE NULLIF(given #>> '{{}}', '') END;
        RETURN coalesce(tile_text(written), '');
    END IF;
    RETURN coalesce('\\x22'::bytea || tile_varint(octet_length(made)) || made, '');
END
$body$
"""
_FUNCTIONS = {
    VARINT: "DROP FUNCTION tile_varint(bigint)",
    TEXT: "DROP FUNCTION tile_text(text)",
    VALUE: "DROP FUNCTION tile_value(text, jsonb)",
}


def _keep(apps, schema_editor):
    # Nothing moves, so nothing is to be counted.
    with pgtrigger.ignore("layers.StoredFeature:count_records_update"):
        schema_editor.execute("UPDATE layers_storedfeature SET key = key")


class Migration(migrations.Migration):

    dependencies = [
        ('layers', '0018_counts'),
    ]

    operations = [
        *(migrations.RunSQL(made, dropped) for made, dropped in _FUNCTIONS.items()),
        migrations.AddField(
            model_name='storedfeature',
            name='tile_facts',
            field=models.BinaryField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name='storedfeature',
            name='tile_values',
            field=models.BinaryField(null=True, editable=False),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='storedfeature',
            name='encode_feature',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfeature',
            trigger=pgtrigger.compiler.Trigger(name='encode_feature', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    SELECT dictionary, \'{"type":"Feature","id":\' || to_json(NEW.key)::text || \',"geometry":\'\n        || coalesce(ST_AsGeoJSON(\n            CASE WHEN GeometryType(NEW.geom) IN (\'POLYGON\', \'MULTIPOLYGON\')\n                THEN ST_ForcePolygonCCW(NEW.geom) ELSE NEW.geom END,\n            7, 0), \'null\')\n        || \',"properties":{\' || coalesce((\n            SELECT string_agg(\n                to_json(name)::text || \':\' || coalesce((NEW.properties -> name)::text, \'null\'),\n                \',\' ORDER BY "order", name)\n            FROM layers_layerfield WHERE layer_id = NEW.layer_id AND public\n        ), \'\') || \'}}\'\n    INTO NEW.encoded_for, NEW.encoded FROM layers_layer WHERE id = NEW.layer_id;\n\n    SELECT int8send(NEW.id) || (\n            CASE WHEN GeometryType(NEW.geom) = \'POINT\' AND NOT ST_IsEmpty(NEW.geom)\n                THEN int4send(round(ST_X(NEW.geom) * 1e7)::int)\n                    || int4send(round(ST_Y(NEW.geom) * 1e7)::int)\n                ELSE int4send(2147483647) || int4send(2147483647) END\n        ) || string_agg(int2send(octet_length(value)::int2), \'\' ORDER BY place, name COLLATE "C"),\n        string_agg(value, \'\' ORDER BY place, name COLLATE "C")\n    INTO NEW.tile_facts, NEW.tile_values FROM (\n        SELECT 1 AS place, \'\' AS name, tile_text(NEW.key) AS value\n        UNION ALL\n        SELECT 2, name, tile_value(type, NEW.properties -> name)\n        FROM layers_layerfield WHERE layer_id = NEW.layer_id AND public AND name <> \'id\'\n    ) AS held HAVING sum(octet_length(value)) <= 1000;\n    NEW.tile_facts := coalesce(NEW.tile_facts, \'\');\n    NEW.tile_values := coalesce(NEW.tile_values, \'\');\n\n    RETURN NEW;\n', hash='378e4ce70b82dee105a664c0601330ac6a42f9a7', operation='INSERT OR UPDATE OF "layer_id", "key", "geom", "properties"', pgid='pgtrigger_encode_feature_c287c', table='layers_storedfeature', when='BEFORE')),
        ),
        migrations.RunPython(_keep, migrations.RunPython.noop),
    ]
