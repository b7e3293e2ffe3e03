"""The peer's settings: the same database, and nothing that it does not need."""

from geoportal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.peers.drf_gis"
MIDDLEWARE = []
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
