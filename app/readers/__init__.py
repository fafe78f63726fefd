"""Public routes: one file a question. Everything here reads `published` and nothing else."""
