"""Filters in the OGC's Common Query Language (CQL2, OGC 21-065r2): read from text or JSON, made SQL, written back."""
