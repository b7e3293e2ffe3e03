"""Functions that filters (layers/filtering) call in the database.

None of them raises an error, whatever it is given: what cannot be reckoned or read gives NULL. They
stand in plpgsql because PostgreSQL runs a function in SQL that it cannot unfold ten times slower.
"""

from django.db import migrations

_KIND = "LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE"

# Full case folding (Unicode 15, 5.18): upper case first makes one of ß and SS, the lower case that
# follows all others; ı is its own lower case, which upper case would make an i.
FOLD = f"""
CREATE FUNCTION filter_fold(given text) RETURNS text {_KIND} AS $body$
BEGIN
    IF octet_length(given) = char_length(given) THEN
        RETURN lower(given COLLATE "C");
    END IF;
    IF strpos(given, 'ı') > 0 THEN
        RETURN (
            SELECT string_agg(filter_fold(part), 'ı' ORDER BY place)
            FROM unnest(string_to_array(given, 'ı')) WITH ORDINALITY AS parts (part, place)
        );
    END IF;
    RETURN replace(
        replace(lower(upper(given COLLATE "und-x-icu") COLLATE "und-x-icu"), 'ß', 'ss'), 'ς', 'σ'
    );
END
$body$
"""

# Letters with a stroke are not composed of a letter and a mark; marks of scripts where they change
# the letter rather than its accent (voiced kana, vowels) stay.
STRIP = f"""
CREATE FUNCTION filter_strip(given text) RETURNS text {_KIND} AS $body$
BEGIN
    IF octet_length(given) = char_length(given) THEN
        RETURN given;
    END IF;
    RETURN normalize(
        translate(
            regexp_replace(
                normalize(given, NFD),
                '[\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]',
                '',
                'g'
            ),
            'øØłŁđĐħĦŧŦ',
            'oOlLdDhHtT'
        ),
        NFC
    );
END
$body$
"""

DATE = f"""
CREATE FUNCTION filter_date(given text) RETURNS date {_KIND} AS $body$
DECLARE
    first_day date;
    day integer;
BEGIN
    IF given !~ '^[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' OR left(given, 4) = '0000'
    THEN
        RETURN NULL;
    END IF;
    first_day := make_date(left(given, 4)::integer, substr(given, 6, 2)::integer, 1);
    day := right(given, 2)::integer;
    IF day > 28 AND day > date_part('day', first_day + interval '1 month' - interval '1 day') THEN
        RETURN NULL;
    END IF;
    RETURN first_day + (day - 1);
END
$body$
"""

MOMENT = f"""
CREATE FUNCTION filter_moment(given text) RETURNS timestamptz {_KIND} AS $body$
DECLARE
    parts text[] := regexp_match(
        given,
        '^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T((?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])'
        '(\\.[0-9]{{1,6}})?[0-9]*(Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$'
    );
BEGIN
    IF parts IS NULL OR filter_date(parts[1]) IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (parts[1] || ' ' || parts[2] || coalesce(parts[3], '') || parts[4])::timestamptz;
END
$body$
"""

# Numbers are reckoned with to the last digit. Bounds keep the digits few enough to be quick, and
# what goes beyond a double, as any reader of JSON takes numbers for, is not known.
RECKON = f"""
CREATE FUNCTION filter_reckon(a numeric, op text, b numeric) RETURNS numeric {_KIND} AS $body$
DECLARE
    result numeric;
BEGIN
    IF abs(a) >= 1e308 OR abs(b) >= 1e308 THEN
        RETURN NULL;
    END IF;
    CASE op
        WHEN '+' THEN result := a + b;
        WHEN '-' THEN result := a - b;
        WHEN '*' THEN result := a * b;
        WHEN '/' THEN result := a / nullif(b, 0);
        WHEN '%' THEN result := mod(a, nullif(b, 0));
        WHEN 'div' THEN result := div(a, nullif(b, 0));
        WHEN '^' THEN result := filter_power(a, b);
    END CASE;
    IF abs(result) >= 1e308 THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN scale(result) > 330 THEN round(result, 330) ELSE result END;
END
$body$
"""

POWER = f"""
CREATE FUNCTION filter_power(a numeric, b numeric) RETURNS numeric {_KIND} AS $body$
BEGIN
    IF a = 0 THEN
        RETURN CASE WHEN b > 0 THEN 0 WHEN b = 0 THEN 1 END;
    END IF;
    IF abs(a) < 1e-300 OR abs(b) > 1e9 OR (a < 0 AND b <> trunc(b)) THEN
        RETURN NULL;
    END IF;
    b := CASE WHEN abs(b) < 1e-300 THEN 0 ELSE b END;
    IF abs(b::double precision * log(abs(a)::double precision)) > 300 THEN
        RETURN NULL;
    END IF;
    IF b = trunc(b) AND b BETWEEN 0 AND 1000 THEN
        RETURN power(a, b);
    END IF;
    RETURN power(a::double precision, b::double precision)::numeric;
END
$body$
"""

OVERLAP = f"""
CREATE FUNCTION filter_overlap(a jsonb, b jsonb) RETURNS boolean {_KIND} AS $body$
BEGIN
    RETURN EXISTS (SELECT FROM jsonb_array_elements(a) AS each (item) WHERE b @> each.item);
END
$body$
"""

# PostGIS raises an error for an edge that leads half round the world, such as a side of the box of
# the whole: it has no one course. A block with an exception cannot run in parallel.
_GUARDED = "LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE"
AREA = f"""
CREATE FUNCTION filter_area(given geometry) RETURNS numeric {_GUARDED} AS $body$
BEGIN
    RETURN ST_Area(given::geography);
EXCEPTION WHEN internal_error OR data_exception THEN
    RETURN NULL;
END
$body$
"""

DISTANCE = f"""
CREATE FUNCTION filter_distance(a geometry, b geometry) RETURNS numeric {_GUARDED} AS $body$
BEGIN
    RETURN ST_Distance(a::geography, b::geography);
EXCEPTION WHEN internal_error OR data_exception THEN
    RETURN NULL;
END
$body$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('layers', '0013_choices_held'),
    ]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION filter_fold(text)"),
        migrations.RunSQL(STRIP, "DROP FUNCTION filter_strip(text)"),
        migrations.RunSQL(DATE, "DROP FUNCTION filter_date(text)"),
        migrations.RunSQL(MOMENT, "DROP FUNCTION filter_moment(text)"),
        migrations.RunSQL(POWER, "DROP FUNCTION filter_power(numeric, numeric)"),
        migrations.RunSQL(RECKON, "DROP FUNCTION filter_reckon(numeric, text, numeric)"),
        migrations.RunSQL(OVERLAP, "DROP FUNCTION filter_overlap(jsonb, jsonb)"),
        migrations.RunSQL(AREA, "DROP FUNCTION filter_area(geometry)"),
        migrations.RunSQL(DISTANCE, "DROP FUNCTION filter_distance(geometry, geometry)"),
    ]
