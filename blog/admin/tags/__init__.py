"""Tags and series in the admin: forms, bulk tagging, merges and the clean-up."""
