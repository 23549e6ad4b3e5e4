"""Pure helpers for text: tokens, tag names, similar names, diffs, languages. No settings, no database."""
