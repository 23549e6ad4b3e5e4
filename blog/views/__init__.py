"""What readers see. Each module holds the pages of one concept."""
