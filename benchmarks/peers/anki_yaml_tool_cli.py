"""The command of anki-yaml-tool.

python anki_yaml_tool_cli.py CARDS.yaml OUT.apkg
"""

from __future__ import annotations

import sys

from anki_yaml_tool.cli import cli

if __name__ == "__main__":
    cli(["build", "--file", sys.argv[1], "--output", sys.argv[2]])
