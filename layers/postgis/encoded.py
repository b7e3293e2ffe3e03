"""Rows of stored layers kept as they are served, brought up to a changed data dictionary."""

import pgtrigger
from django.db import connection, transaction

from layers.postgis.curve import NOWHERE

#: Rows written in one transaction, so that nobody waits long for one of them.
AT_ONCE = 5000
_ENCODE = """
WITH part AS (
    SELECT curve, id FROM layers_storedfeature
    WHERE layer_id = %s::bigint AND (curve, id) > (%s, %s) ORDER BY curve, id LIMIT %s
), written AS (
    UPDATE layers_storedfeature SET key = key
    WHERE id IN (SELECT id FROM part) AND encoded_for IS DISTINCT FROM
        (SELECT dictionary FROM layers_layer WHERE layers_layer.id = layer_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written), curve, id FROM part ORDER BY curve DESC, id DESC LIMIT 1
"""


def encode_again(layer_id: int) -> int:
    """Write the rows anew that were kept for an older dictionary; how many there were.

    Readers get what is right all the while: such rows are written out when they are read. What the
    public sees stays as it is, so neither the rows nor the layer have a new version.
    """
    written, place = 0, (NOWHERE, 0)
    while True:
        found = _encode_part(layer_id, *place)
        if found is None:
            return written
        written += found[0]
        place = found[1:]


@pgtrigger.ignore("layers.StoredFeature:bump_layers_update")
@transaction.atomic
def _encode_part(layer_id: int, number: int, pk: int) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(_ENCODE, [layer_id, number, pk, AT_ONCE])
        return cursor.fetchone()
