"""One reader per foreign format. Each yields rows in the form that `tables` loads."""
