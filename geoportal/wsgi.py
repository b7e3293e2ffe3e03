"""The WSGI entry that the production web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from geoportal.programs import ProgramsApart, ProgramsHandler
from geoportal.time_limit import limit_queries
from geoportal.versioned.kept import Disk, Kept, Memory, Store
from geoportal.versioned.server import Versioned

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")


def _store() -> Store:
    if settings.REDIS_URL:
        # Its library is loaded where there is one only.
        return import_string("geoportal.versioned.shared.Shared")(settings.REDIS_URL)
    return Disk(settings.VAR_DIR / "answers", settings.KEPT_ON_DISK)


_pages = get_wsgi_application()

from geoportal.direct import DirectReads  # noqa: E402  knows views, which need the settings

application = Versioned(
    ProgramsApart(_pages, DirectReads(ProgramsHandler())),
    Kept(Memory(settings.KEPT_IN_MEMORY), _store()),
    shared_for=settings.CDN_SECONDS if settings.CDN_URL else None,
)
for _database in settings.DATABASES.values():
    limit_queries(_database, settings.QUERY_SECONDS)
