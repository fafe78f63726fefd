"""A bare Leaflet page that draws the provinces as our page does: the least that a map of them costs.

Leaflet, the same outlines as GeoJSON, one grey style; every file packed once as small as may be, HTTP/1.1 kept open.
"""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli

from web.assets import leaflet_files
from web.topology import OBJECT, decode_arcs, polygons_of, trace

PORT = 8745
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bare</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/leaflet.css"><link rel="stylesheet" href="/bare.css">
<link rel="preload" as="fetch" crossorigin href="/provinces.json">
<script defer src="/leaflet.js"></script><script defer src="/bare.js"></script></head>
<body><div id="map"></div></body></html>"""
STYLE = "html, body, #map { height: 100%; margin: 0 }"
SCRIPT = """
const map = L.map("map", { attributionControl: false, zoomSnap: 0.25 });
fetch("/provinces.json").then((answer) => answer.json()).then((provinces) => {
  const land = L.geoJSON(provinces, { style: { color: "#fff", weight: 1, fillColor: "#89a", fillOpacity: 1 } });
  map.fitBounds([[18, 73.5], [53.6, 135]]);
  land.addTo(map);
  performance.mark("live");
});
"""
TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


@contextmanager
def serve_bare_page(topology_address: str) -> Iterator[str]:
    """Serve the page with the outlines of the topology at an address; give the page's own address."""
    with urllib.request.urlopen(topology_address, timeout=30) as answer:  # noqa: S310  (our own server)
        provinces = write_geojson(json.load(answer))
    leaflet = leaflet_files().contents
    files = {
        "/": PAGE.encode(),
        "/bare.css": STYLE.encode(),
        "/bare.js": SCRIPT.encode(),
        "/provinces.json": provinces,
        "/leaflet.js": leaflet["leaflet.js"],
        "/leaflet.css": leaflet["leaflet.css"],
    }
    server = ThreadingHTTPServer(("127.0.0.1", PORT), make_handler({name: pack(body) for name, body in files.items()}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.shutdown()
        server.server_close()


def pack(body: bytes) -> bytes:
    """Return a body in brotli, as small as may be."""
    packed: bytes = brotli.compress(body, quality=11)
    return packed


def make_handler(packed: dict[str, bytes]) -> type[BaseHTTPRequestHandler]:
    """Return what answers requests for the files."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = packed.get(self.path)
            self.send_response(200 if body else 404)
            kind = next((kind for end, kind in TYPES.items() if self.path.endswith(end)), "text/html")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Encoding", "br")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


def write_geojson(topology: dict[str, Any]) -> bytes:
    """Return the outlines of a topology as GeoJSON with three decimals: some hundred metres, as on our grid."""
    arcs = decode_arcs(topology)
    features = [
        {
            "type": "Feature",
            "properties": {"code": geometry["id"]},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [[[round(x, 3), round(y, 3)] for x, y in trace(ring, arcs)] for ring in polygon]
                    for polygon in polygons_of(geometry)
                ],
            },
        }
        for geometry in topology["objects"][OBJECT]["geometries"]
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()
