"""Feeds: one definition of what is in each (`selections`), three ways to write it (`writers`)."""
