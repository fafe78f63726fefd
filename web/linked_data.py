"""A record in the words of schema.org, for those who read pages by program: a work about what happened, not the event.

Time is an interval and place a region, as exactly as they are public; coordinates stand only where a record's own place
is public.
"""

from __future__ import annotations

from typing import Any

from web.card import Card
from web.citation import Cited


def describe_record(card: Card, cited: Cited, regions: list[tuple[str, str]], home: str) -> dict[str, Any]:
    """Return the JSON-LD document of a record. `regions` are (code, name) of its public regions."""
    properties = card.properties
    places: list[dict[str, Any]] = [
        {"@type": "AdministrativeArea", "identifier": code, "name": name} for code, name in regions
    ]
    if card.record.point:
        longitude, latitude = card.record.point
        places.append(
            {"@type": "Place", "geo": {"@type": "GeoCoordinates", "longitude": longitude, "latitude": latitude}}
        )
    described = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": cited.address,
        "url": cited.address,
        "identifier": cited.id,
        "name": cited.title,
        "inLanguage": cited.language,
        "genre": card.layer.label.in_language(card.texts.language),
        "abstract": card.paragraphs[0].text if card.paragraphs else None,
        "temporalCoverage": f"{properties['starts_on']}/{properties.get('ends_on') or properties['starts_on']}",
        "spatialCoverage": places,
        "dateModified": properties.get("updated_on"),
        "version": str(cited.version),
        "license": cited.licence,
        "isPartOf": {"@type": "Dataset", "name": cited.site, "url": home},
        "citation": [source.url for source in card.sources if source.url],
    }
    return {name: value for name, value in described.items() if value}
