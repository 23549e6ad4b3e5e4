#!/usr/bin/env python
"""Formats the style sheets and scripts in the given folders, or with --check says which ones need it."""

import sys
from pathlib import Path

import cssbeautifier
import jsbeautifier

STYLE = {"indent_size": 2, "end_with_newline": True, "max_preserve_newlines": 2}


def beautify(path):
    beautifier = cssbeautifier if path.suffix == ".css" else jsbeautifier
    options = beautifier.default_options()
    for name, value in STYLE.items():
        setattr(options, name, value)
    return beautifier.beautify(path.read_text(), options)


def main(arguments):
    folders = [Path(argument) for argument in arguments if argument != "--check"]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".css", ".js"})
    unformatted = [path for path in files if beautify(path) != path.read_text()]
    for path in unformatted:
        if "--check" in arguments:
            print(f"{path} is not formatted: run `make format`.")
        else:
            path.write_text(beautify(path))
            print(f"Formatted {path}")
    return 1 if unformatted and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
