from django.db import migrations, models
from django.db.models import F

#: The middle of the cell that a number on the curve stands for, see layers.postgis.curve: the bits
#: of column and row are gathered again by masks.
_POINT = """
CREATE FUNCTION layers_curve_point(curve bigint) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    half float8 := (1::bigint << (29 - (curve & 31)::int))::float8 / 2;
    x bigint := (curve >> 5) & x'5555555555555555'::bigint;
    y bigint := (curve >> 6) & x'5555555555555555'::bigint;
BEGIN
    x := (x | (x >> 1)) & x'3333333333333333'::bigint;
    y := (y | (y >> 1)) & x'3333333333333333'::bigint;
    x := (x | (x >> 2)) & x'0F0F0F0F0F0F0F0F'::bigint;
    y := (y | (y >> 2)) & x'0F0F0F0F0F0F0F0F'::bigint;
    x := (x | (x >> 4)) & x'00FF00FF00FF00FF'::bigint;
    y := (y | (y >> 4)) & x'00FF00FF00FF00FF'::bigint;
    x := (x | (x >> 8)) & x'0000FFFF0000FFFF'::bigint;
    y := (y | (y >> 8)) & x'0000FFFF0000FFFF'::bigint;
    x := (x | (x >> 16)) & x'00000000FFFFFFFF'::bigint;
    y := (y | (y >> 16)) & x'00000000FFFFFFFF'::bigint;
    RETURN ST_SetSRID(ST_MakePoint(
        (x + half) / 536870912 * 360 - 180, (y + half) / 536870912 * 180 - 90), 4490);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("layers", "0014_functions_of_filters")]

    operations = [
        migrations.RunSQL(_POINT, "DROP FUNCTION layers_curve_point(bigint)"),
        migrations.AddIndex(
            model_name="storedfeature",
            index=models.Index(
                F("layer"), F("curve").bitand(31), F("curve"), name="feature_layer_level_curve"
            ),
        ),
    ]
