"""The command of ankcompiler, which finds its Markdown and names its package itself.

python ankcompiler_cli.py CARDS.md OUT.apkg
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.main import app

if __name__ == "__main__":
    app(["build", "--all", "--path", str(Path(sys.argv[1]).parent)], standalone_mode=False)
    Path("benchmark.apkg").rename(sys.argv[2])
