"""What the weblog costs: `make bench` prints it and asserts nothing."""
