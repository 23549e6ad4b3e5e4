"""Pure helpers for text: tokens, tag names, similar names, differences. Imports no other room."""
