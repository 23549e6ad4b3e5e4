"""What the databases are told beyond the ORM's documented interface. Imports no other room."""
