"""Admin regions: boundaries, code succession, names and the gazetteer."""
