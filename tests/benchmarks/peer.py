"""The peer: what a good Django engineer writes with djangorestframework-gis in half an hour.

Its table has real columns and a spatial index, and no middleware stands before it.
"""

from django.contrib.gis.db import models
from django.urls import path
from rest_framework.viewsets import ReadOnlyModelViewSet
from rest_framework_gis.filters import InBBoxFilter
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer


class Point(models.Model):
    """One row of `bench_point`."""

    id = models.BigIntegerField(primary_key=True)
    geom = models.PointField(srid=4326)
    name_zh = models.TextField()
    name_en = models.TextField()
    kind = models.TextField()
    owner = models.TextField()
    depth = models.FloatField()
    built = models.FloatField()

    class Meta:
        app_label = "layers"
        managed = False
        db_table = "bench_point"
        ordering = ["id"]

    def __str__(self):
        return self.name_zh


class PointSerializer(GeoFeatureModelSerializer):
    class Meta:
        model = Point
        geo_field = "geom"
        id_field = "id"
        fields = ["id", "name_zh", "name_en", "kind", "owner", "depth", "built"]


class Pages(GeoJsonPagination):
    page_size = 1000
    page_size_query_param = "limit"
    max_page_size = 10_000


class PointViewSet(ReadOnlyModelViewSet):
    queryset = Point.objects.all()
    serializer_class = PointSerializer
    pagination_class = Pages
    bbox_filter_field = "geom"
    bbox_filter_include_overlapping = True
    filter_backends = [InBBoxFilter]


urlpatterns = [path("points/", PointViewSet.as_view({"get": "list"}))]
