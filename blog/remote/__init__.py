"""Other people's addresses and pages: comparing URLs, guarded fetching, metadata, link checks. No models."""
