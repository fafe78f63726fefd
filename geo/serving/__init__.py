"""Answers to readers, out of the schema `published` alone. Async."""
