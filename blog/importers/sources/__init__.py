"""One reader per foreign format. Each yields the rows of tables in the form that the importers load."""
