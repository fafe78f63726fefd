"""Pages: the Folium shell, the first frame, translations, templates, scripts and styles. Knows no SQL and no FastAPI."""
