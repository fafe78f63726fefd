"""What the public sees of a record's sources."""

from __future__ import annotations

_TEXT_KEYS = ("title", "publisher", "type")
_URL_KEYS = ("url", "archive_url")


def source_list(sources: str, opened: str, text: str) -> str:
    """Return the SQL of the public sources as JSON text; NULL when there are none.

    `opened` is SQL: the record is marked as already public; `text` is SQL: what its rule says of text. Only the keys
    named here are shown, only web addresses stand under `url` and `archive_url`, and the day on which a source appeared
    is left out where the record's own day is not shown.
    """
    texts = (f"'{key}', entry ->> '{key}'" for key in _TEXT_KEYS)
    urls = (f"'{key}', CASE WHEN entry ->> '{key}' ~* '^https?://' THEN entry ->> '{key}' END" for key in _URL_KEYS)
    day = f"'published_on', CASE WHEN {opened} OR {text} = 'OPEN' THEN entry ->> 'published_on' END"
    shown = f"COALESCE(entry ->> 'public', CASE WHEN {opened} OR {text} <> 'GUARDED' THEN 'true' ELSE 'false' END)"
    return (
        f"(SELECT '[' || string_agg(json_strip_nulls(json_build_object({', '.join((*texts, *urls, day))}))::text, ',' "
        f"ORDER BY position) || ']' FROM jsonb_array_elements({sources}) WITH ORDINALITY AS listed (entry, position) "
        f"WHERE {shown} = 'true')"
    )
