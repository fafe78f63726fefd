"""The sample records: real incidents and cases from a published report, so that a new map is not empty."""

from __future__ import annotations

from importlib.resources import as_file, files

import sqlalchemy as sa

from geo.errors import DataError
from geo.layers import RECORDS
from geo.loading.load import load_file
from geo.loading.request import LoadRequest
from geo.records.tables import accountability_case, incident


def load_samples(connection: sa.Connection) -> int:
    """Load the sample records in the caller's transaction and return how many; 0 when there are any records already.

    Publishing them is the caller's.
    """
    for table in (incident, accountability_case):
        if connection.scalar(sa.select(sa.exists().select_from(table))):
            return 0
    loaded = 0
    for layer in RECORDS:  # cases last: they name incidents
        with as_file(files("geo.loading") / "samples" / f"{layer}.csv") as path:
            report = load_file(connection, LoadRequest(layer=layer, path=path))
        if not report.loaded:
            raise DataError("The sample records are damaged: " + "; ".join(one.render() for one in report.messages))
        loaded += report.inserted
    return loaded
