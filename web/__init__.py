"""Pages: Folium shell, first frame, translations, templates, scripts and styles. Knows no SQL and no FastAPI."""
