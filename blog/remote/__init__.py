"""Other sites' URLs and pages: URL comparison, guarded fetching, page metadata, link checks. No models."""
