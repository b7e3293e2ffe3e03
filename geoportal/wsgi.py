"""The WSGI entry that the production web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from geoportal.time_limit import limit_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
application = get_wsgi_application()
limit_queries(settings.DATABASES["default"], settings.QUERY_SECONDS)
