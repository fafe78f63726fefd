"""Editors' routes: a process and a port of their own."""
