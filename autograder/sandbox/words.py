"""A student's texts, made safe to store and to show: capped, and without codes (THREATS, 16).

What is done here is about terminals and stores. Feedback and formgrader escape and sanitize for
the browser besides.
"""

import re
import unicodedata

COLOR = re.compile(r"\x1b\[[0-9;]{0,16}m")
NOT_PLAIN = re.compile(r"[^\x20-\x7e\n\t]")
# Control characters, and those that turn the direction of writing around or can't be seen.
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def clean_line(text: str, longest: int) -> str:
    """One line without any code."""
    return " ".join(clean_text(text, longest).split())


def clean_text(text: str, longest: int) -> str:
    """Text without any code, at most so many characters long."""
    return _cut(_without_codes(COLOR.sub("", text[: 2 * longest])), longest)


def clean_output(text: str, longest: int) -> str:
    """Text as a notebook shows it: colors stay, and what a carriage return overwrites goes."""
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text[: 2 * longest].split("\n"))
    text = "\n".join(lines)
    parts, start = [], 0
    for color in COLOR.finditer(text):
        parts += [_without_codes(text[start : color.start()]), color.group()]
        start = color.end()
    return _cut("".join((*parts, _without_codes(text[start:]))), longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + " …"


def _without_codes(text: str) -> str:
    return NOT_PLAIN.sub(_keep_letters, text)


def _keep_letters(found: re.Match) -> str:
    return "" if unicodedata.category(found.group()) in UNSAFE else found.group()
