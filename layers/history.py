"""The history the administration keeps, for what is changed in a list rather than a form."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.translation import override


@transaction.atomic
def changed_together(request, rows, column: str, value) -> int:
    """How many rows have now this value; who did it stands in the history of each.

    A form that was opened before is told from there who came first.
    """
    rows = [*rows]
    if not rows:
        return 0
    # By key: the rows as they were chosen may be narrowed by the very value that changes.
    chosen = type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows])
    count = chosen.update(**{column: value})
    with override(None):
        said = [{"changed": {"fields": [str(rows[0]._meta.get_field(column).verbose_name)]}}]
    LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, said)
    return count
