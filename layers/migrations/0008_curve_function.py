from django.db import migrations

#: The number of a record in space, see layers.postgis.curve. Written for speed, as it runs for each
#: row written: the bits of column and row are spread by masks and folded into each other.
_CURVE = r"""
CREATE FUNCTION layers_curve(geom geometry) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    west float8 := (ST_XMin(geom) + 180) / 360;
    south float8 := (ST_YMin(geom) + 90) / 180;
    east float8 := (ST_XMax(geom) + 180) / 360;
    north float8 := (ST_YMax(geom) + 90) / 180;
    size float8 := greatest(east - west, north - south);
    level int;
    cells float8;
    x bigint;
    y bigint;
BEGIN
    -- No geometry, an empty one, or one that is not of this world.
    IF size IS NULL OR NOT size < 1000 THEN
        RETURN -1;
    END IF;
    level := CASE WHEN size < 1e-9 THEN 29 ELSE greatest(0, least(29, floor(-ln(size) / ln(2.0::float8))::int + 1)) END;
    LOOP
        cells := (1::bigint << level)::float8;
        x := greatest(0, least(floor(west * cells), cells - 1));
        y := greatest(0, least(floor(south * cells), cells - 1));
        EXIT WHEN level = 0 OR (x + 2 >= east * cells AND y + 2 >= north * cells);
        level := level - 1;
    END LOOP;
    x := x << (29 - level);
    y := y << (29 - level);
    x := (x | (x << 16)) & x'0000FFFF0000FFFF'::bigint;
    y := (y | (y << 16)) & x'0000FFFF0000FFFF'::bigint;
    x := (x | (x << 8)) & x'00FF00FF00FF00FF'::bigint;
    y := (y | (y << 8)) & x'00FF00FF00FF00FF'::bigint;
    x := (x | (x << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
    y := (y | (y << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
    x := (x | (x << 2)) & x'3333333333333333'::bigint;
    y := (y | (y << 2)) & x'3333333333333333'::bigint;
    x := (x | (x << 1)) & x'5555555555555555'::bigint;
    y := (y | (y << 1)) & x'5555555555555555'::bigint;
    RETURN ((x | (y << 1)) << 5) | level;
END
$$
"""

#: The bit of the level in a number, 0 where there is no geometry.
_LEVEL = """
CREATE FUNCTION layers_curve_level(curve bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN curve < 0 THEN 0 ELSE 1::bigint << (curve & 31)::int END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("layers", "0007_years")]

    operations = [
        migrations.RunSQL(_CURVE, "DROP FUNCTION layers_curve(geometry)"),
        migrations.RunSQL(_LEVEL, "DROP FUNCTION layers_curve_level(bigint)"),
    ]
