"""What staff see columns called where the model itself gives no name, and how lists show it."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

STEMS = {
    "abstract": _("abstract"),
    "annual_profit": _("yearly profit"),
    "annual_revenue": _("yearly revenue"),
    "as_of": _("as of"),
    "background": _("background"),
    "caption": _("caption"),
    "column_spacing_m": _("column spacing (m)"),
    "clear_height_m": _("clear height (m)"),
    "cadence": _("update cadence"),
    "content": _("content"),
    "crane_t": _("crane (t)"),
    "credit": _("picture credit"),
    "currency": _("currency"),
    "decimals": _("decimals"),
    "demand": _("demand"),
    "district": _("district"),
    "document": _("document"),
    "documents": _("documents"),
    "email": _("email"),
    "evidence_date": _("date of evidence"),
    "filter": _("can be filtered by"),
    "floor_load_kn_m2": _("floor load (kN/m²)"),
    "geometry_type": _("geometry type"),
    "group": _("group"),
    "has_z": _("has heights or depths"),
    "hours": _("hours"),
    "image": _("picture"),
    "in_force_from": _("in force from"),
    "in_force_until": _("in force until"),
    "industries": _("leading industries"),
    "indicator": _("indicator"),
    "industry": _("industry"),
    "issued_by": _("issued by"),
    "issued_on": _("issued on"),
    "key": _("key"),
    "keywords": _("keywords"),
    "kind": _("kind"),
    "label": _("label"),
    "land_need_m2": _("land needed (m²)"),
    "land_price_max": _("land price to (CNY/m²)"),
    "land_price_min": _("land price from (CNY/m²)"),
    "layer": _("layer"),
    "lease_max": _("rent to (CNY/m² per month)"),
    "lease_min": _("rent from (CNY/m² per month)"),
    "level": _("level"),
    "licence": _("licence"),
    "market": _("market"),
    "max_zoom": _("shown up to zoom"),
    "maximum": _("maximum"),
    "min_zoom": _("shown from zoom"),
    "minimum": _("minimum"),
    "name": _("name"),
    "note": _("note"),
    "order": _("order"),
    "organisation": _("unit (organisation)"),
    "park": _("park"),
    "parent": _("parent"),
    "person": _("person"),
    "phone": _("telephone"),
    "plot_ratio_max": _("plot ratio up to"),
    "population_as_of": _("population as of"),
    "price_unit": _("unit of price"),
    "properties": _("properties"),
    "project": _("project"),
    "public": _("public"),
    "published": _("published"),
    "qualifies": _("who qualifies"),
    "required": _("required"),
    "role": _("role"),
    "schematic": _("schematic boundary"),
    "seat": _("seat of government"),
    "since": _("since"),
    "site": _("site"),
    "slug": _("identifier"),
    "source": _("source"),
    "standard": _("standard"),
    "steward": _("steward"),
    "style": _("style"),
    "summary": _("summary"),
    "text": _("text"),
    "title": _("title"),
    "topic": _("topic"),
    "type": _("type"),
    "unit": _("unit of measure"),
    "value": _("value"),
    "verify_by": _("verify by"),
    "visible": _("shown when the map opens"),
    "code_list": _("code list"),
    "year": _("year"),
}
LANGUAGES = {"_zh": _("Chinese"), "_en": _("English")}


def label_of(name: str):
    """The name of a column, with its language where it has one; None where none is known."""
    for ending, language in LANGUAGES.items():
        stem = name.removesuffix(ending)
        if stem != name and stem in STEMS:
            return format_lazy("{} ({})", STEMS[stem], language)
    return STEMS.get(name)


class Labelled:
    """For model admins: names columns by the one list of wordings."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # A verbose name that differs from the column's was given with care and stays.
        unnamed = db_field.verbose_name == db_field.name.replace("_", " ")
        if field and unnamed and (label := label_of(db_field.name)):
            field.label = label
        return field
