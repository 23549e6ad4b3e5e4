"""Use of the databases beyond the ORM's documented interface. Imports no other package of the weblog."""
