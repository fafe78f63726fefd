"""The commands of `labourmap`, one file each; app/cli.py names them."""
