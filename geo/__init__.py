"""The domain: regions, records, loading, publishing, serving. Knows no HTTP, no HTML and no settings object."""
