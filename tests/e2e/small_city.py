"""A few records from the factories, for as long as the demonstration city is not there."""

from layers.catalog import services
from tests import factories


def load():
    """Two counties, parks, sites and projects."""
    services.catalog_sync()
    factories.make_district("231200", "绥化市", "Suihua", level="prefecture",
                            geom=factories.square(124.8, 45.4, 2.6))  # fmt: skip
    factories.make_district()
    park = factories.make_park()
    factories.make_site(park=park)
    factories.make_project(park=park)
