"""Invariants that hold however a row is written, kept by the database itself (pgtrigger).

Derived columns: a record's district, its row version and time of change; and the data version of
its layer, which every cache validator is made from.
"""

import pgtrigger

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


def touch_row() -> pgtrigger.Trigger:
    """Count the row's versions and keep its time of change."""
    return pgtrigger.Trigger(
        name="touch_row",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=["row_version", "updated_at"]),
        func=_TOUCH_ROW,
    )


def bump_layers(*slugs: str) -> pgtrigger.Trigger:
    """Raise the data version of typed layers when any row of this table changes."""
    quoted = ", ".join(f"'{slug}'" for slug in slugs)
    return pgtrigger.Trigger(
        name="bump_layers",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=f"""
            UPDATE layers_layer SET version = version + 1 WHERE slug IN ({quoted});
            RETURN NULL;
        """,
    )


def count_own_versions() -> pgtrigger.Trigger:
    """Raise the data version of a layer when its own row changes, whatever version is written.

    An object read a while ago and saved now would otherwise take the version back.
    """
    return pgtrigger.Trigger(
        name="count_own_versions",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="NEW.version := OLD.version + 1; RETURN NEW;",
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


def _bump_described(name, operation, row, which, condition=None) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"bump_described_{name}",
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"""
            UPDATE layers_layer SET version = version + 1 WHERE {which.replace("this.", f"{row}.")};
            RETURN NULL;
        """,
    )


def bump_stored_layers() -> list[pgtrigger.Trigger]:
    """Raise the data version of the stored layers whose rows a statement changed.

    PostgreSQL allows transition tables for one event per trigger only, hence three.
    """
    return [
        _bump_by("insert", pgtrigger.Insert, pgtrigger.Referencing(new="changed")),
        _bump_by("update", pgtrigger.Update, pgtrigger.Referencing(new="changed")),
        _bump_by("delete", pgtrigger.Delete, pgtrigger.Referencing(old="changed")),
    ]


def _bump_by(name, operation, referencing) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"bump_layers_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func="""
            UPDATE layers_layer SET version = version + 1
            WHERE id IN (SELECT DISTINCT layer_id FROM changed);
            RETURN NULL;
        """,
    )
