"""Examples for the pages of the API: code that runs as it stands, against the address the reader came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """One example: whom it is for, the language of the code, and the code."""

    tool: str
    language: str
    code: str


def write_examples(api: str, collection: str = "strikes") -> tuple[Example, ...]:
    """Return examples that read `collection` of the API at the absolute address `api`."""
    items = f"{api}/collections/{collection}/items"
    counts = f"{api}/collections/{collection}/counts"
    return (
        Example("curl", "shell", _CURL.format(items=items, counts=counts)),
        Example("Python: geopandas", "python", _GEOPANDAS.format(items=items)),
        Example("Python: httpx", "python", _HTTPX.format(items=items)),
        Example("R: sf, httr2", "r", _R.format(items=items, counts=counts)),
        Example("GDAL", "shell", _GDAL.format(api=api, collection=collection)),
        Example("QGIS", "python", _QGIS.format(api=api, collection=collection)),
    )


_CURL = """\
# The latest ten records, as GeoJSON
curl "{items}"
# Records of Guangdong in 2016
curl "{items}?region=440000&datetime=2016-01-01/2016-12-31&limit=1000"
# How many records each province and year has, as a table
curl -H "Accept: text/csv" "{counts}?by=province,year&labels=en"
"""

_GEOPANDAS = """\
import geopandas

records = geopandas.read_file("{items}?limit=1000")
print(records[["id", "starts_on", "province"]].head())
print(records.geometry.notna().sum(), "of", len(records), "have a place")
"""

_HTTPX = """\
import httpx

url = "{items}?limit=1000"
records = []
while url:
    page = httpx.get(url, headers={{"Accept": "application/geo+json"}}).raise_for_status().json()
    records += page["features"]
    url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
print(len(records), "records of", page["numberMatched"])
"""

_R = """\
library(sf)
library(httr2)

records <- read_sf("{items}?limit=1000")
table(records$province)

counts <- request("{counts}") |>
  req_url_query(by = "year") |>
  req_perform() |>
  resp_body_json(simplifyVector = TRUE)
counts$counts
"""

_GDAL = """\
# What there is
ogrinfo "OAPIF:{api}"
# Records of an area, as GeoPackage
ogr2ogr -f GPKG {collection}.gpkg "OAPIF:{api}" {collection} -spat 113 22 115 24
"""

_QGIS = """\
# Layer > Add Layer > Add WFS / OGC API - Features Layer > New: this address.
# Or in the Python console:
layer = QgsVectorLayer("url='{api}' typename='{collection}' version='OGC_API_FEATURES' "
                       "pagingEnabled='default' pageSize='1000'", "{collection}", "OAPIF")
QgsProject.instance().addMapLayer(layer)
"""
