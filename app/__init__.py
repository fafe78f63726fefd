"""HTTP and the command line: the only package that sees both the domain (`geo`) and the pages (`web`)."""
