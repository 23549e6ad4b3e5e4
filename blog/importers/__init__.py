"""Loading what was written elsewhere: an archive folder, table by table, as often as one likes."""
