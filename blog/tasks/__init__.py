"""Work that runs outside the request. What runs is registered from the rooms above."""
