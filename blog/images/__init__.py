"""Image processing: uploads and share cards. Bytes in, bytes out; no models."""
