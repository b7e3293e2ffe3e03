"""The WSGI entry that the production web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from geoportal.programs import ProgramsApart, ProgramsHandler
from geoportal.time_limit import limit_queries
from geoportal.versioned.kept import Disk, Kept, Memory
from geoportal.versioned.server import Versioned

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
_kept = Kept(
    Memory(settings.KEPT_IN_MEMORY), Disk(settings.VAR_DIR / "answers", settings.KEPT_ON_DISK)
)
_pages = get_wsgi_application()

from geoportal.direct import DirectReads  # noqa: E402  knows views, which need the settings

application = Versioned(ProgramsApart(_pages, DirectReads(ProgramsHandler())), _kept)
for _database in settings.DATABASES.values():
    limit_queries(_database, settings.QUERY_SECONDS)
