"""Files of a whole collection: one table of columns, one walk through the rows, one writer for each format."""
