"""Settings, all from the environment, safe for production unless told otherwise.

Every variable is listed in docs/operations.md; `geoportal/environment.py` and
`geoportal/checks.py` refuse to start on a wrong one with a sentence that says what to set.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from environs import Env

from geoportal import environment as rules

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("GEOPORTAL_VAR", str(BASE_DIR / "var")))

DEBUG = env.bool("GEOPORTAL_DEBUG", False)
SECRET_KEY = env.str("GEOPORTAL_SECRET_KEY", "")
# Where script/server listens: the demonstration's known password is for this machine only.
LISTEN_HOST = env.str("HOST", "") or "127.0.0.1"
ALLOWED_HOSTS = env.list("GEOPORTAL_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("GEOPORTAL_CSRF_TRUSTED_ORIGINS", [])
# Behind a TLS-ending proxy: cookies only over TLS, and the proxy's word on the scheme believed.
BEHIND_TLS = env.bool("GEOPORTAL_BEHIND_TLS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = env.int("GEOPORTAL_HSTS_SECONDS", 0, validate=rules.from_zero)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# The same as frame-ancestors below, for browsers that do not know it.
X_FRAME_OPTIONS = "SAMEORIGIN"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "rest_framework",
    "rest_framework_gis",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "pgtrigger",
    "csp",
    "axes",
    "layers",
    "investment",
    "geoportal.people",
    "geoportal.pages",
    "geoportal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "geoportal.compression.TextGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
    "geoportal.replicas.ReplicaReads",
]
# Of these, what answers to programs need (geoportal/programs.py).
MIDDLEWARE_FOR_PROGRAMS = [
    "django.middleware.security.SecurityMiddleware",
    "geoportal.compression.TextGZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "geoportal.replicas.ReplicaReads",
]

# Files are read by pyogrio's own GDAL and GeoJSON by shapely: Django's GDAL, older than 3.9 on
# Debian 12, is given nothing from outside.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

ROOT_URLCONF = "geoportal.urls"
WSGI_APPLICATION = "geoportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "geoportal.pages.context.site",
            ],
        },
    }
]

# Compiling a query and starting workers for it cost more than these short ones take; with many
# readers at once the processors are busy anyway.
_session = env.str("GEOPORTAL_PG_OPTIONS", "-c jit=off -c max_parallel_workers_per_gather=0")
# Statements are planned once for a connection. Off where a pooler gives one connection to several
# in turn (PgBouncer before 1.21 in transaction mode).
DATABASE_PREPARE = env.bool("GEOPORTAL_PREPARE", True)
_primary = env.dj_db_url("DATABASE_URL", "postgis:///geoportal", conn_max_age=600)
DATABASES = {"default": rules.database(_primary, _session)}
# Streaming replicas for public reads (geoportal/replicas.py), and how far behind one may be.
_replicas = env.list("DATABASE_REPLICA_URLS", [], validate=rules.replicas)
for _place, _address in enumerate(_replicas, 1):
    DATABASES[f"replica-{_place}"] = rules.database(rules.replica(_address), _session)
REPLICA_LAG_SECONDS = env.float("GEOPORTAL_REPLICA_LAG_SECONDS", 5.0, validate=rules.from_zero)
# Seconds after which a query of a web request is cut off (geoportal/wsgi.py).
QUERY_SECONDS = env.int("GEOPORTAL_QUERY_SECONDS", 30, validate=rules.from_zero)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Passwords cannot be guessed at: after ten failures a name is not taken from that address for a
# while. By address alone an office behind one would be locked out together; by name alone anybody
# could lock out anybody.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "layers.serving.clients.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["geoportal.formats"]
TIME_ZONE = env.str("GEOPORTAL_TIME_ZONE", "Asia/Shanghai", validate=rules.time_zone)
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Front-end packages are installed here, and those of the pages are served under /static/vendor/.
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/leaflet", NODE_MODULES / "leaflet/dist"),
    ("vendor/supercluster", NODE_MODULES / "supercluster"),
    ("vendor/kdbush", NODE_MODULES / "kdbush"),
    ("vendor/pbf", NODE_MODULES / "pbf"),
]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "geoportal.staticfiles.ModuleManifestStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Holds the summaries of layers, which the database has counted already: to ask another machine for
# one would take as long, and would be an error while it is away. So it stays in the process also
# where there is a Redis.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Finished answers below a version (geoportal.versioned): in each process, and on the disk for those
# of this machine or in Redis for those of all.
_MB = 1024 * 1024
KEPT_IN_MEMORY = env.int("GEOPORTAL_KEPT_MEMORY_MB", 64, validate=rules.from_zero) * _MB
KEPT_ON_DISK = env.int("GEOPORTAL_KEPT_DISK_MB", 1024, validate=rules.from_zero) * _MB
REDIS_URL = env.str("GEOPORTAL_REDIS_URL", "", validate=rules.redis_address)
# Where these are announced, and how many seconds a cache there may go without asking.
CDN_URL = env.str("GEOPORTAL_CDN_URL", "", validate=rules.origin).rstrip("/")
CDN_SECONDS = env.int("GEOPORTAL_CDN_SECONDS", 3600, validate=rules.from_zero)
# Large exports that the worker has made, for a day.
EXPORTS_DIR = VAR_DIR / "exports"
EXPORTS_ON_DISK = env.int("GEOPORTAL_EXPORTS_DISK_MB", 10_240, validate=rules.from_one) * _MB

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "geoportal.problems.problem_response",
}

# --- The place and what the map shows -------------------------------------------------------
CITY_CODE = env.str("GEOPORTAL_CITY_CODE", "231200", validate=rules.city_code)
# Zones in which records are served besides the systems of the world: those the place lies in.
_crs = env.list(
    "GEOPORTAL_CRS", ["4529", "4530", "4531", "4550", "4551", "4552"], validate=rules.served_crs
)
SERVED_CRS = tuple(map(int, _crs))
SITE_TITLE = {
    "zh": env.str("GEOPORTAL_TITLE_ZH", "绥化投资地图"),
    "en": env.str("GEOPORTAL_TITLE_EN", "Suihua Investment Map"),
}
MAP_APPROVAL_NUMBER = env.str("GEOPORTAL_MAP_APPROVAL_NUMBER", "")
TIANDITU_KEY = env.str("GEOPORTAL_TIANDITU_KEY", "")
OPENSTREETMAP = env.bool("GEOPORTAL_OPENSTREETMAP", False)
# Own base map: "xyz|Title|https://host/{z}/{x}/{y}.png|attribution" or "wmts|…"
OWN_BASE_MAPS = env.list("GEOPORTAL_BASE_MAPS", [], delimiter="\n")
# Browsers keep the last view of the map (geoportal/pages/offline.py).
OFFLINE = env.bool("GEOPORTAL_OFFLINE", True)
DEMO_PASSWORD = env.str("GEOPORTAL_DEMO_PASSWORD", "geoportal-demo")
# Set to the internal location of an nginx `internal;` block to hand downloads to it.
ACCEL_REDIRECT_PREFIX = env.str("GEOPORTAL_ACCEL_REDIRECT", "", validate=rules.internal_location)
DOCUMENT_MAX_BYTES = (
    env.int("GEOPORTAL_DOCUMENT_MAX_MB", 100, validate=rules.from_one) * 1024 * 1024
)

_tile_origins = env.list("GEOPORTAL_TILE_ORIGINS", [], validate=rules.origins)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_tile_origins],
        "connect-src": [SELF, *([CDN_URL] if CDN_URL else [])],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
_log_level = env.str("GEOPORTAL_LOG_LEVEL", "INFO", validate=rules.log_level)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _log_level},
}
