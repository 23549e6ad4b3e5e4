"""Imports of content written elsewhere. An import can be repeated; it changes only what has changed.

`sources` reads foreign formats into tables of rows, each `TableImport` loads one table, and `report` says
what happened to every row. Writes models; serves no requests.
"""
