"""What is handed to others: a link to a view, and the code that puts it into another page.

The twin of static/js/share-links.js: tests/web/share-cases.json holds for both.
"""

from __future__ import annotations

from html import escape

SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""What the map needs in a frame: its own modules and data, and the way to the whole page."""
HEIGHT = 560


def write_iframe(address: str, title: str) -> str:
    """Return the HTML of a frame that shows the map at `address`, for whoever pastes it into a page."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{HEIGHT}" loading="lazy" '
        f'sandbox="{SANDBOX}"></iframe>'
    )
