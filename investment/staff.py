"""What the administration of figures and policies has in common with that of records."""

from django.contrib import admin

from layers.models import District
from layers.records.acts import PublicationActs


class PublishedAdmin(PublicationActs, admin.ModelAdmin):
    """The two acts of publication; staff with an area see, change and add in their area only."""

    def get_queryset(self, request):
        records = super().get_queryset(request)
        area = request.user.area
        return records.filter(district__in=District.objects.within(area.code)) if area else records

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        area = request.user.area
        if db_field.name != "district" or not area:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field = super().formfield_for_foreignkey(
            db_field, request, **{**kwargs, "queryset": District.objects.within(area.code)}
        )
        # Without a district it would hold beyond the area, for all.
        field.required = True
        return field
