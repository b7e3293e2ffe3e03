"""How long a query of a web request may take, and what an error of the database says."""

from django.db import DatabaseError, InterfaceError, OperationalError

QUERY_CANCELED = "57014"


def limit_queries(database: dict, seconds: int) -> None:
    """Have every session of a database, given by its settings, cut queries off; 0 cuts none.

    Only the web server calls this: an import or a migration takes as long as it needs.
    """
    options = database.setdefault("OPTIONS", {})
    limit = f"-c statement_timeout={seconds * 1000}"
    options["options"] = f"{options.get('options', '')} {limit}".strip()


def was_cut_off(error: BaseException | None) -> bool:
    """Whether an error says that the database gave a query up."""
    code = getattr(getattr(error, "__cause__", None), "pgcode", None)
    return isinstance(error, OperationalError) and code == QUERY_CANCELED


def is_out_of_reach(error: BaseException | None) -> bool:
    """Whether an error says that the database is down, starting, or has no connection left."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return not was_cut_off(error)
    # A connection that ends under a statement is no more precise an error than this.
    return type(error) is DatabaseError and getattr(error.__cause__, "pgcode", None) is None
