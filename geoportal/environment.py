"""What settings from the environment must be, and the sentence about one that is not."""

import os
import re
import zoneinfo
from importlib import import_module
from urllib.parse import urlsplit

import dj_database_url
from environs import EnvError, ValidationError, validate

_ORIGIN = re.compile(r"https?://(\*\.)?[\w-]+(\.[\w-]+)*(:\d+)?/?")
#: Gauss-Krüger zones of six and of three degrees, with and without their number in the easting.
_CGCS2000_ZONES = range(4491, 4555)
#: May hold a password: told by name only.
_SECRET = (
    "DATABASE_URL", "DATABASE_REPLICA_URLS", "GEOPORTAL_REDIS_URL", "GEOPORTAL_SECRET_KEY",
)  # fmt: skip
_REDIS = re.compile(r"rediss?://[^/?#]+(/\d*)?(\?.*)?|unix://[^?#]*/[^?#]+(\?.*)?")

from_zero = validate.Range(min=0, error="Set it to a whole number from 0 on.")
from_one = validate.Range(min=1, error="Set it to a whole number from 1 on.")
city_code = validate.Regexp(
    r"\d{6}\Z", error="Set it to the six digits of the city (GB/T 2260), such as 231200."
)
internal_location = validate.Regexp(
    r"((/[\w.-]+)+/?)?\Z",
    error="Set it to a path of nginx that begins with /, such as /protected/.",
)
log_level = validate.OneOf(
    ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], error="Set it to one of: {choices}."
)


def time_zone(name: str) -> str:
    """Refuse a name that the time zone database does not have."""
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise ValidationError("Set it to a time zone such as Asia/Shanghai.") from None
    return name


def served_crs(texts: list[str]) -> list[str]:
    """Refuse what is no projection of CGCS2000 by its number: others would need a datum shift."""
    for text in texts:
        if not (text.isascii() and text.isdigit() and int(text) in _CGCS2000_ZONES):
            raise ValidationError("List numbers of EPSG from 4491 to 4554, separated by commas.")
    return texts


def origins(texts: list[str]) -> list[str]:
    """Refuse anything but addresses of hosts: a word of the policy itself would open it."""
    if all(_ORIGIN.fullmatch(text) for text in texts):
        return texts
    raise ValidationError("List origins such as https://tiles.example.org, separated by commas.")


def origin(text: str) -> str:
    """Refuse anything but the address of one host."""
    if "*" in text or (text and not _ORIGIN.fullmatch(text)):
        raise ValidationError("Set it to one origin such as https://cdn.example.org.")
    return text


def redis_address(address: str) -> str:
    """Refuse what the library could not connect by."""
    if address and not _is_of_redis(address):
        raise ValidationError("Set it to an address such as redis://:password@host:6379/0.")
    return address


def _is_of_redis(address: str) -> bool:
    # The library takes a fifth of a second to load: whoever has no Redis does without.
    library = import_module("redis")
    try:
        library.Redis.from_url(address).connection_pool.make_connection()
        is_named = urlsplit(address).hostname or address.startswith("unix:")
    except Exception:  # the library raises whatever an address makes of its parts
        return False
    return bool(is_named and _REDIS.fullmatch(address))


def replicas(addresses: list[str]) -> list[str]:
    """Refuse what names no database."""
    for address in addresses:
        try:
            named = dj_database_url.parse(address)["NAME"]
        except Exception:  # the library raises whatever an address makes of its parts
            named = ""
        if not named:
            raise ValidationError("List addresses such as postgis://user:password@host:5432/name.")
    return addresses


def replica(address: str) -> dict:
    """The database of an address, given up soon where it does not answer."""
    found = dj_database_url.parse(address, conn_max_age=600)
    options = {"connect_timeout": 2, **found.get("OPTIONS", {})}
    # Tests have one database, whatever the names.
    return {**found, "OPTIONS": options, "TEST": {"MIRROR": "default"}}


def database(found: dict, session: str) -> dict:
    """The settings of a database, each session of which begins with these options."""
    given = found.get("OPTIONS", {})
    options = f"{session} {given.get('options', '')}".strip()
    engine = "django.contrib.gis.db.backends.postgis"
    return {**found, "ENGINE": engine, "OPTIONS": {**given, "options": options}}


def sentence(error: EnvError) -> str:
    """Which variable is wrong, what it says and what to set."""
    told = " ".join(map(str, getattr(error, "error_messages", None) or [error]))
    named = re.search(r'Environment variable "(\w+)"', str(error))
    if not named:
        return told
    name = named[1]
    value = "" if name in _SECRET else f" is “{os.environ.get(name, '')}”"
    return f"{name}{value}: {told} docs/operations.md lists all settings."
