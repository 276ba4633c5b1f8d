"""Install mkdeck and its peers beside the Python that runs this: `make bench` gives it one of its own.

Each peer is installed by itself: one that cannot be is named in the results, with pip's reason, and keeps
none of the others out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
FAILURES = Path(sys.prefix, "not-installed.json")
"""Distribution -> why pip could not install it."""


def main() -> None:
    _pip("--editable", str(_HERE.parent), check=True)
    failures = {}
    for line in (_HERE / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            done = _pip(line)
            if done.returncode:
                failures[line.partition("==")[0]] = _reason(done.stderr)
    FAILURES.write_text(json.dumps(failures), encoding="utf-8")
    for name, reason in failures.items():
        print(f"{name} is not installed: {reason}", file=sys.stderr)


def failures() -> dict[str, str]:
    """Give what could not be installed here, and why."""
    found: dict[str, str] = json.loads(FAILURES.read_text(encoding="utf-8")) if FAILURES.exists() else {}
    return found


def _pip(*what: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=check)


def _reason(said: str) -> str:
    """Give pip's last error; the last line of what it said, if it calls nothing an error."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["pip said nothing"])[-1]


if __name__ == "__main__":
    main()
