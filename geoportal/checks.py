"""Start-up checks: a wrong setting stops the service with a sentence that says what to set."""

import ipaddress
import socket

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DEFAULT_DB_ALIAS

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
DEMO_PASSWORD = "geoportal-demo"


def is_local() -> bool:
    """True when the service can be reached from this machine only, and answers to its own names.

    The names alone say nothing: whoever reaches the port can send any of them.
    """
    return set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS and is_loopback(settings.LISTEN_HOST)


def is_loopback(host: str) -> bool:
    """Whether every address of a host is one of this machine's loopback."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(address[0]).is_loopback for *_, address in found)


@register(Tags.security)
def secret_key_is_set(app_configs, **_kwargs):
    """A secret key from the environment, long enough."""
    if len(settings.SECRET_KEY) >= 32:
        return []
    return [
        Error(
            "GEOPORTAL_SECRET_KEY is missing or shorter than 32 characters.",
            hint="Set it to a random text; script/server keeps one in var/secret-key.",
            id="geoportal.E001",
        )
    ]


@register(Tags.security)
def database_is_postgis(app_configs, **_kwargs):
    """A PostgreSQL address in DATABASE_URL."""
    if settings.DATABASES[DEFAULT_DB_ALIAS].get("NAME"):
        return []
    return [
        Error(
            "DATABASE_URL names no database.",
            hint="Use postgis://user:password@host/database, or leave it unset.",
            id="geoportal.E002",
        )
    ]


@register(Tags.security)
def wildcard_hosts_are_refused(app_configs, **_kwargs):
    """Host names are named one by one outside debugging."""
    if settings.DEBUG or "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "GEOPORTAL_ALLOWED_HOSTS may not be * while GEOPORTAL_DEBUG is off.",
            hint="List the host names the service answers to, separated by commas.",
            id="geoportal.E003",
        )
    ]
