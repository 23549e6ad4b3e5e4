"""A kind of post added by another app. This folder has everything that a new kind costs."""
