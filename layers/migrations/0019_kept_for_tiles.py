"""Records keep their values in the bytes of a tile (layers.postgis.kept)."""

import pgtrigger
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_KIND = "LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE"

# A message "Value" with the tag it has in a layer. The bytes of lengths of more than seven bits are
# no text: there, others hold their place.
TEXT = f"""
CREATE FUNCTION tile_text(given text) RETURNS text {_KIND} AS $body$
DECLARE
    size int := octet_length(given);
BEGIN
    RETURN CASE
        WHEN given IS NULL THEN ''
        WHEN size BETWEEN 1 AND 125 THEN chr(34) || chr(size + 2) || chr(10) || chr(size) || given
        WHEN size BETWEEN 126 AND 127 THEN chr(34) || '..' || chr(10) || '.' || given
        WHEN size > 127 THEN chr(34) || '..' || chr(10) || '..' || given
    END;
END
$body$
"""

# The least of all numbers, or what is no number, where the value is none of its type.
NUMBER = f"""
CREATE FUNCTION tile_number(kind text, given jsonb) RETURNS bytea {_KIND} AS $body$
BEGIN
    RETURN CASE kind
        WHEN 'number' THEN float8send(CASE WHEN given BETWEEN '-1e300' AND '1e300'
            THEN given::float8 ELSE 'NaN' END)
        WHEN 'boolean' THEN int8send(CASE given
            WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE -9223372036854775808 END)
        ELSE int8send(CASE WHEN given BETWEEN '-9e18' AND '9e18'
            THEN given::bigint ELSE -9223372036854775808 END)
    END;
END
$body$
"""
_FUNCTIONS = {
    TEXT: "DROP FUNCTION tile_text(text)",
    NUMBER: "DROP FUNCTION tile_number(text, jsonb)",
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
            name='tile_texts',
            field=models.TextField(editable=False, null=True),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='storedfeature',
            name='encode_feature',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfeature',
            trigger=pgtrigger.compiler.Trigger(name='encode_feature', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    SELECT dictionary, \'{"type":"Feature","id":\' || to_json(NEW.key)::text || \',"geometry":\'\n        || coalesce(ST_AsGeoJSON(\n            CASE WHEN GeometryType(NEW.geom) IN (\'POLYGON\', \'MULTIPOLYGON\')\n                THEN ST_ForcePolygonCCW(NEW.geom) ELSE NEW.geom END,\n            7, 0), \'null\')\n        || \',"properties":{\' || coalesce((\n            SELECT string_agg(\n                to_json(name)::text || \':\' || coalesce((NEW.properties -> name)::text, \'null\'),\n                \',\' ORDER BY "order", name)\n            FROM layers_layerfield WHERE layer_id = NEW.layer_id AND public\n        ), \'\') || \'}}\'\n    INTO NEW.encoded_for, NEW.encoded FROM layers_layer WHERE id = NEW.layer_id;\n\n    SELECT int8send(NEW.id)\n        || CASE WHEN GeometryType(NEW.geom) = \'POINT\' AND NOT ST_IsEmpty(NEW.geom)\n            THEN int4send(round(ST_X(NEW.geom) * 1e7)::int)\n                || int4send(round(ST_Y(NEW.geom) * 1e7)::int)\n            ELSE \'\' END\n        || string_agg(int2send(least(octet_length(written), 32767)::int2), \'\'\n            ORDER BY place, name COLLATE "C")\n            FILTER (WHERE number IS NULL)\n        || coalesce(string_agg(number, \'\' ORDER BY name COLLATE "C"), \'\'),\n        string_agg(written, \'\' ORDER BY place, name COLLATE "C")\n    INTO NEW.tile_facts, NEW.tile_texts FROM (\n        SELECT 1 AS place, \'\' AS name, tile_text(NEW.key) AS written, NULL::bytea AS number\n        UNION ALL\n        SELECT 2, name, tile_text(\n                CASE type WHEN \'codes\' THEN (NEW.properties -> name)::text\n                    ELSE NULLIF(NEW.properties ->> name, \'\') END\n            ), NULL::bytea\n        FROM layers_layerfield\n        WHERE layer_id = NEW.layer_id AND public AND name <> \'id\' AND type NOT IN (\'integer\', \'year\', \'number\', \'boolean\')\n        UNION ALL\n        SELECT 3, name, \'\', tile_number(type, NEW.properties -> name)\n        FROM layers_layerfield\n        WHERE layer_id = NEW.layer_id AND public AND name <> \'id\' AND type IN (\'integer\', \'year\', \'number\', \'boolean\')\n    ) AS held HAVING sum(octet_length(written)) <= 1000 AND bool_and(written IS NOT NULL);\n    NEW.tile_facts := coalesce(NEW.tile_facts, \'\');\n    NEW.tile_texts := coalesce(NEW.tile_texts, \'\');\n\n    RETURN NEW;\n', hash='adf69e2d9963c33862c734d32c7a6ccb4dadc2da', operation='INSERT OR UPDATE OF "layer_id", "key", "geom", "properties"', pgid='pgtrigger_encode_feature_c287c', table='layers_storedfeature', when='BEFORE')),
        ),
        migrations.RunPython(_keep, migrations.RunPython.noop),
    ]
