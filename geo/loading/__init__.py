"""From a file to private records: read, map columns, normalise, validate, stage, merge."""
