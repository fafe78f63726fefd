"""A QR code as a picture that stands in the page itself: no other place is asked to draw it."""

from __future__ import annotations

import segno

QUIET_ZONE = 4
SCALE = 5


def draw_qr_code(text: str) -> str:
    """Return the address of an SVG picture that holds `text`, dark on white in either theme."""
    return segno.make(text, micro=False, error="m").svg_data_uri(
        scale=SCALE, border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
