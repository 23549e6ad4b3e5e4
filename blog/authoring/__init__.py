"""Logic that helps authors write: capture, the publish check, tag clean-up, the dashboard. No HTTP."""
