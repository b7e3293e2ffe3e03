"""Believable records for tests; every argument may be given, none must.

Places are squares near Suihua: `square(126.9, 46.6)` is about 1.5 km by 2.2 km.
"""

from datetime import date

from django.contrib.gis.geos import GEOSGeometry

from investment.models import Park, Project, Site, Utility
from layers.models import Contact, District, Layer, LayerField, LayerGroup, StoredFeature


def square(lon: float, lat: float, size: float = 0.02) -> GEOSGeometry:
    """A square whose lower left corner is (lon, lat), in degrees."""
    east, north = lon + size, lat + size
    ring = f"{lon} {lat},{east} {lat},{east} {north},{lon} {north},{lon} {lat}"
    return GEOSGeometry(f"SRID=4490;POLYGON(({ring}))")


def point(lon: float, lat: float) -> GEOSGeometry:
    """A point in degrees."""
    return GEOSGeometry(f"SRID=4490;POINT({lon} {lat})")


def make_contact(**given) -> Contact:
    """The steward of parks in Beilin."""
    defaults = {
        "organisation_zh": "北林区投资促进局",
        "organisation_en": "Beilin Investment Promotion Bureau",
        "person_zh": "王敏",
        "person_en": "Wang Min",
        "phone": "0455-0000001",
        "email": "beilin@example.invalid",
    }
    return Contact.objects.get_or_create(**{**defaults, **given})[0]


def make_district(code="231202", name_zh="北林区", name_en="Beilin", **given) -> District:
    """A county four tenths of a degree wide."""
    defaults = {
        "level": "county",
        "geom": square(126.8, 46.5, 0.4),
        "state": "published",
        "population": 698025,
        "area_km2": 2760,
    }
    return District.objects.create(
        code=code, name_zh=name_zh, name_en=name_en, **{**defaults, **given}
    )


def make_layer(slug="wells", fields=(), **given) -> Layer:
    """A published stored layer; `fields` are dicts of LayerField values."""
    group, _ = LayerGroup.objects.get_or_create(
        slug="other", defaults={"title_zh": "其他", "title_en": "Other"}
    )
    defaults = {
        "title_zh": "水井",
        "title_en": "Wells",
        "group": group,
        "geometry_type": "Point",
        "published": True,
    }
    layer = Layer.objects.create(slug=slug, **{**defaults, **given})
    named = [
        {"name": "name_zh", "label_zh": "名称", "label_en": "Name (Chinese)", "type": "text"},
        {"name": "name_en", "label_zh": "英文名称", "label_en": "Name", "type": "text"},
    ]
    for order, field in enumerate([*named, *fields]):
        LayerField.objects.create(layer=layer, order=order, **field)
    return layer


def make_feature(layer: Layer, key="w-1", **given) -> StoredFeature:
    """A published record of a stored layer."""
    defaults = {
        "geom": point(127.0, 46.65),
        "properties": {"name_zh": "一号井", "name_en": "Well No. 1"},
        "state": "published",
    }
    return StoredFeature.objects.create(layer=layer, key=key, **{**defaults, **given})


def make_park(slug="beilin-park", **given) -> Park:
    """A published park with power and water."""
    utilities = given.pop("utilities", [("power", 126, 63, 110), ("water", 30000, 12000, None)])
    defaults = {
        "name_zh": "北林经济开发区",
        "name_en": "Beilin Economic Development Zone",
        "level": "provincial",
        "industries": ["C13", "C27"],
        "area_ha": 1200,
        "area_available_ha": 300,
        "land_price_min": 96,
        "land_price_max": 180,
        "geom": square(127.0, 46.6),
        "state": "published",
        "as_of": date(2026, 6, 30),
    }
    given.setdefault("contact", make_contact())
    park = Park.objects.create(slug=slug, **{**defaults, **given})
    for kind, capacity, headroom, voltage in utilities:
        Utility.objects.create(
            park=park,
            kind=kind,
            capacity=capacity,
            headroom=headroom,
            voltage_kv=voltage,
            as_of=date(2026, 6, 30),
        )
    return park


def make_site(slug="site-1", **given) -> Site:
    """A published serviced parcel of five hectares."""
    defaults = {
        "name_zh": "一号地块",
        "name_en": "Parcel 1",
        "kind": "parcel",
        "area_m2": 50000,
        "tenure": "transfer",
        "zoning": "M2",
        "price": 120,
        "price_unit": "cny_m2",
        "readiness": 3,
        "evidence_zh": "七通一平验收单",
        "evidence_en": "Acceptance of seven connections",
        "availability": "available",
        "geom": square(127.005, 46.605, 0.003),
        "state": "published",
        "as_of": date(2026, 6, 30),
    }
    given.setdefault("contact", make_contact())
    return Site.objects.create(slug=slug, **{**defaults, **given})


def make_project(slug="project-1", **given) -> Project:
    """A published project that seeks an investor."""
    defaults = {
        "name_zh": "玉米深加工项目",
        "name_en": "Corn deep processing",
        "industry": "C13",
        "stage": "seeking",
        "investment_total": 50000,
        "investment_sought": 30000,
        "modes": ["joint"],
        "geom": point(127.006, 46.606),
        "state": "published",
        "as_of": date(2026, 6, 30),
    }
    given.setdefault("contact", make_contact())
    return Project.objects.create(slug=slug, **{**defaults, **given})
