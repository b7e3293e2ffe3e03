"""What the administration of every record has in common, until staff get their own pages."""

import shapely
from django import forms
from django.contrib import admin
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from layers.postgis.fields import SRID
from layers.records.acts import PublicationActs
from layers.records.divisions import lies_in
from layers.records.models import District, Record
from layers.records.opened import AsOpened, OpenedVersion


class GeometryText(forms.Textarea):
    """Geometry as text, WKT out and WKT or GeoJSON in: no map, no tiles, nothing from outside."""

    def __init__(self):
        super().__init__(attrs={"rows": 5, "cols": 80, "spellcheck": "false"})

    def format_value(self, value):
        return value.wkt if isinstance(value, GEOSGeometry) else value


class GeometryTextField(forms.Field):
    """Longitude and latitude in degrees (CGCS2000, EPSG:4490), Z kept where there is one."""

    widget = GeometryText
    default_error_messages = {
        "unreadable": _("This is neither WKT nor a GeoJSON geometry."),
        "system": _("Give coordinates as longitude and latitude in degrees (CGCS2000)."),
        "type": _("Only a flat geometry of this type can be kept here: %(types)s."),
        "invalid": _("The geometry is not valid: rings must close and not cross themselves."),
    }

    def __init__(self, *, types: tuple[str, ...] = (), **options):
        super().__init__(**options)
        self.types = types

    def to_python(self, value):
        if not value or isinstance(value, GEOSGeometry):
            return value or None
        try:
            geometry = _parsed(value.strip())
        except (GEOSException, shapely.GEOSException, ValueError) as error:
            raise forms.ValidationError(self.error_messages["unreadable"]) from error
        return self._placed(geometry)

    def _placed(self, geometry: GEOSGeometry) -> GEOSGeometry:
        if geometry.empty or not geometry.valid:
            raise forms.ValidationError(self.error_messages["invalid"])
        if self.types and (geometry.geom_type not in self.types or geometry.hasz):
            types = {"types": ", ".join(self.types)}
            raise forms.ValidationError(self.error_messages["type"] % types)
        west, south, east, north = geometry.extent
        in_degrees = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
        if geometry.srid not in (None, SRID, 4326) or not in_degrees:
            raise forms.ValidationError(self.error_messages["system"])
        geometry.srid = SRID
        return geometry

    def has_changed(self, initial, data):
        try:
            given = self.to_python(data)
        except forms.ValidationError:
            return True
        if initial is None or given is None:
            return initial is not given
        return not initial.equals_exact(given)


def _parsed(text: str) -> GEOSGeometry:
    """WKT, EWKT or GeoJSON; the latter is CRS84, equal to CGCS2000 at the precision of mapping.

    GeoJSON is read by shapely: Django hands it to GDAL, which below 3.9 follows addresses in "crs".
    """
    if text.startswith("{"):
        return GEOSGeometry(memoryview(shapely.from_geojson(text).wkb))
    return GEOSGeometry(text)


class RecordColumns:
    """For model admins: takes geometry as text."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if not isinstance(db_field, models.GeometryField):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        label = capfirst(db_field.verbose_name)
        # A column of one type is flat and takes no other; records keep every type and heights.
        types = () if db_field.geom_type == "GEOMETRY" else (db_field.geom_class.__name__,)
        return GeometryTextField(label=label, required=not db_field.null, types=types)


class WithinArea(AsOpened):
    """A record that staff with an area of responsibility may not place outside it.

    Where it lies is asked here by the rule by which the database will find its district.
    """

    area: District | None = None

    def clean_geom(self):
        geom = self.cleaned_data["geom"]
        if self.area is None:
            return geom
        if geom is None:
            raise forms.ValidationError(
                _("Give its place: without one it belongs to no area, and you would lose it.")
            )
        county = District.objects.county_of(geom)
        if not county or not lies_in(county.code, self.area.code):
            raise forms.ValidationError(
                _("This lies outside your area of responsibility, %s.") % self.area.name
            )
        return geom


class RecordAdmin(PublicationActs, OpenedVersion, RecordColumns, admin.ModelAdmin):
    """Lists, filters and the two acts of publication; staff with an area see their area."""

    form = WithinArea
    list_per_page = 50
    readonly_fields = ("district", "row_version", "updated_at")

    def get_queryset(self, request):
        records = super().get_queryset(request).select_related("district")
        area = request.user.area
        return records.in_district(area.code) if area else records

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.area = request.user.area
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        area, related = request.user.area, db_field.related_model
        if area and issubclass(related, Record) and related is not District:
            kwargs["queryset"] = related.objects.in_district(area.code)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
