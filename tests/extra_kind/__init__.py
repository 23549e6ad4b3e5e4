"""A kind of post that is added to the weblog from outside: all that it costs is in this folder."""
