"""Lines that belong to a page and not to what is written on it: page marks, and what websites put around notes."""

from __future__ import annotations

import re

_LONGEST = 160
"""Characters up to which a line may be one of these."""

_NUMBER = r"\d{1,4}"
_PAGE_MARK = re.compile(
    rf"(?:[-–—|\[(]\s*)?(?:(?:page|slide|card|seite|diapositive|página|pagina|стр\.?|p\.?)\s*)?"
    rf"({_NUMBER})\s*(?:of|/|von|de|sur|di|из|van)\s*({_NUMBER})(?:\s*[-–—|\])])?",
    re.IGNORECASE,
)
_PAGE = re.compile(
    rf"[-–—|\[(]\s*{_NUMBER}\s*[-–—|\])]|(?:page|slide|seite|diapositive|página|pagina|стр\.?)\s*{_NUMBER}",
    re.IGNORECASE,
)

_OF_A_SITE = re.compile(
    r"""
      no\ comments\ have\ (?:yet\ )?been\ made(?:\ yet)?\.?
    | (?:no|\d+)\ comments?(?:\ yet)?\.? | comments?\ \(\d+\) | (?:add|leave|post|write)\ (?:a|your)\ comment\.*
    | be\ the\ first\ to\ comment\.? | you\ must\ be\ logged\ in\ to\ .+
    | (?:similar|related|recommended|popular|more)\ (?:[\w&'’-]+\ ){0,4}
      (?:resources|posts|articles|pages|decks|sets|flashcards)(?:\ like\ this)?:?
    | (?:(?:see|view|show|browse)\ (?:all|more)\b[^»›>]*[»›>]+\s*)+
    | (?:see|view|show|browse)\ (?:all|more)
    | (?:log|sign)\ ?(?:in|up|out)(?:\ (?:or|/|\|)\ (?:log|sign)\ ?(?:in|up|out)|\ (?:for\ free|to\ .+))?[.!]?
    | register\ (?:now|for\ free|here)[.!]? | subscribe(?:\ .{1,40})?[.!]? | create\ (?:an|your)\ account[.!]?
    | share\ (?:this|on|via)\b.{0,30} | tweet(?:\ this)? | pin\ it | e-?mail\ this | print\ (?:this\ )?page
    | download\ (?:as\ .{1,20}|pdf|this\ .{1,30}) | save\ for\ later
    | advertisements?:? | sponsored\ content | ads?\ by\ .+
    | (?:this\ site|we)\ uses?\ cookies.* | accept(?:\ all)?\ cookies | cookie\ (?:policy|settings)
    | privacy\ policy.* | terms\ (?:of\ (?:use|service)|and\ conditions).*
    | (?:©|\(c\)|copyright)\ .* | .{0,60}all\ rights\ reserved\.?
    | back\ to\ top | top\ of\ page | skip\ to\ (?:main\ )?content | main\ menu
    | (?:next|previous|prev)\ (?:page|slide|card|post|topic) | [«‹<]+\ ?(?:previous|prev|back)
    | (?:next|continue)\ ?[»›>]+ | home(?:\ [»›>/]\ .+)+
    | (?:report|flag)\ (?:this|content|a\ problem|abuse) | (?:rate|review)\ this(?:\ .{1,30})?
    | (?:teacher|staff)\ recommended | (?:created|uploaded|posted|submitted)\ by:?\ .+
    | (?:created|last\ (?:updated|modified|edited)|uploaded|posted)(?:\ on)?:?\ \d.*
    | \d+\ (?:views?|downloads?|likes?|shares?|ratings?)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_page_mark(line: str) -> bool:
    """Tell whether a line says nothing but which page it stands on: `3 of 7`, `Page 3`, `- 3 -`."""
    line = line.strip()
    if len(line) > _LONGEST:
        return False
    mark = _PAGE_MARK.fullmatch(line)
    return bool(mark and 0 < int(mark[1]) <= int(mark[2])) or _PAGE.fullmatch(line) is not None


def is_of_a_site(line: str) -> bool:
    """Tell whether a line is one that websites put around what people write there."""
    line = " ".join(line.split())
    return len(line) <= _LONGEST and _OF_A_SITE.fullmatch(line) is not None
