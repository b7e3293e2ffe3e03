from django.db import migrations
from django.db.models import F

PUBLISHED = ("Park", "Site", "Project", "Document", "Figure", "Policy")
RECORDS = ("Park", "Site", "Project")
AMOUNTS = {
    "Park": ("land_price_min", "land_price_max", "lease_min", "lease_max"),
    "Site": (
        *("price", "plot_ratio_max", "floor_load_kn_m2", "clear_height_m"),
        *("column_spacing_m", "crane_t"),
    ),
    "Project": ("investment_sought", "payback_years", "land_need_m2", "annual_revenue"),
    "Utility": ("voltage_kv",),
}
OF_BUILDINGS = (
    *("floor_area_m2", "floors", "floor_load_kn_m2", "clear_height_m"),
    *("column_spacing_m", "crane_t", "built_year"),
)


def mend(apps, schema_editor):
    def rows(name):
        return apps.get_model("investment", name).objects

    for name in PUBLISHED:
        # Nobody ever saw these; without its end alone such a row would come to light.
        never = rows(name).filter(effective_until__lte=F("effective_from"))
        told(name, never.update(effective_until=None, state="draft"), "never in effect, now drafts")
    for name in RECORDS:
        early = rows(name).filter(verify_by__lt=F("as_of"))
        told(name, early.update(verify_by=None), "date to verify by taken away")
    ended = rows("Policy").filter(in_force_until__lt=F("in_force_from"))
    told("Policy", ended.update(in_force_until=None, state="draft"), "ended too soon, now drafts")
    for name, fields in AMOUNTS.items():
        for field in fields:
            below = rows(name).filter(**{f"{field}__lt": 0})
            told(name, below.update(**{field: None}), f"{field} below zero taken away")
    parcels = rows("Site").filter(kind="parcel")
    for field in OF_BUILDINGS:
        filled = parcels.filter(**{f"{field}__isnull": False})
        told("Site", filled.update(**{field: None}), f"{field} of land parcels taken away")


def told(name, count, what):
    if count:
        print(f"\n    {name}: {count} {what}", end="")


class Migration(migrations.Migration):
    """What the constraints of the next migration refuse is put right, and said."""

    dependencies = [("investment", "0006_indicator_factor_en")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
