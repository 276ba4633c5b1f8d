"""What a Markdown file holds beside its text: front matter and comments."""

from __future__ import annotations

import re

from mkdeck.importers.report import Remark

_MOST_LINES = 100
_TITLE = re.compile(r"title:\s*[\"']?(.*?)[\"']?\s*", re.IGNORECASE)


def without_front_matter(text: str, remarks: list[Remark]) -> tuple[str, str]:
    """Give the title that front matter has, and the text with empty lines in its place."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", text
    end = next((at for at in range(1, min(len(lines), _MOST_LINES)) if lines[at].rstrip() in {"---", "..."}), 0)
    if not end or not any(re.match(r"[\w-]+:", line) for line in lines[1:end]):
        return "", text
    title = next((found[1] for line in lines[1:end] if (found := _TITLE.fullmatch(line))), "")
    for number, line in enumerate(lines[1:end], 2):
        if line.strip():
            said = f"the title: {title}" if _TITLE.fullmatch(line) else f"left out, front matter: {line.strip()}"
            remarks.append(Remark(number, said))
    return title, "\n".join([""] * (end + 1) + lines[end + 1 :])


def without_comments(text: str, remarks: list[Remark]) -> str:
    """Take the comments of HTML out of a text; its lines stay where they are."""
    parts: list[str] = []
    done = line = 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start + 2)) >= 0:
        line += text.count("\n", done, start)
        comment = text[start : end + 3]
        remarks.append(Remark(line + 1, f"left out, a comment: {' '.join(comment.split())}"))
        breaks = comment.count("\n")
        parts += (text[done:start], "\n" * breaks or " ")
        line += breaks
        done = end + 3
    return "".join(parts) + text[done:]
