"""The benchmark that `make bench` runs. It prints tables and asserts nothing."""
