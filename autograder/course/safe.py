"""Makes what a student wrote, or a student's code displayed, harmless to look at (THREATS, 16).

Formgrader and feedback show it in the browsers of other people. Code and outputs are text there.
Markdown stays Markdown, but nothing in it can become an HTML tag, a link or an image.
"""

import base64
import binascii
import re
import struct
import zlib
from typing import Any

from autograder.sandbox.words import clean_output, clean_text

Output = dict[str, Any]

LONGEST_OUTPUT = 200_000  # characters of text that are kept of one output
LARGEST_IMAGE = 1_500_000  # bytes of one picture
LARGEST_SIDE = 4096  # pixels
MOST_OUTPUTS = 50  # outputs of one cell

# Invisible and without width. It keeps the characters around it from being read as one mark.
APART = "\u200b"

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_TARGET = re.compile(r"\](?=[(:\[])")
_ADDRESS = re.compile(r":(?=//)")
# Commands of TeX with which MathJax would link, style, define, load, or paint over something.
_TEX = re.compile(
    r"\\(?=(?:href|url|html\w*|class|cssId|style|data|bbox|require|def|gdef|edef|let|futurelet|"
    r"(?:re)?newcommand|newenvironment|DeclareMathOperator|csname|unicode|includegraphics|"
    r"m?kern|[hvm]?skip|[hvm]?space|Space|raise(?:box)?|lower|move\w*|(?:math)?[rlc]lap|smash|"
    r"rule|Rule|mmlToken|[f]?colorbox|definecolor|tag|label|ref|eqref)(?![A-Za-z]))"
)
_NEGATIVE_LINE = re.compile(r"(\\\\[ \t\n]*)(?=\[)")  # \\[-20em]
_HEADING = re.compile(r"^([ \t>*+\-0-9.)]*#{1,6}[ \t]+)", re.MULTILINE)
_UNDERLINE = re.compile(r"^([ \t>*+\-=0-9.)]*[=-])[ \t]*$", re.MULTILINE)


def plain(text: Any, longest: int = LONGEST_OUTPUT) -> str:
    """Text without any code of a terminal."""
    return clean_text(_joined(text), longest)


def colored(text: Any, longest: int = LONGEST_OUTPUT) -> str:
    """Text without any code of a terminal but colors, which notebooks show."""
    return clean_output(_joined(text), longest)


def _joined(text: Any) -> str:
    """nbformat allows a list of lines where it allows a text."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        return "".join(text)
    return text if isinstance(text, str) else ""


def code(source: str) -> str:
    """A cell's source as it can be stored: half characters and null bytes are replaced."""
    return source.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


def markdown(source: str) -> str:
    """Markdown with its emphasis, lists, tables, code and formulas, but no HTML and no targets.

    What would open a tag, give a link or an image its target, or let a formula do more than
    typeset, is taken apart by an invisible character. That holds in every dialect of Markdown,
    inside code and outside of it, since it doesn't rest on finding out which is which. Headings
    are kept from becoming the page's anchors, of which formgrader's own fields are some.
    """
    source = plain(source)
    source = _TAG.sub("<" + APART, source)
    source = _TARGET.sub("]" + APART, source)
    source = _ADDRESS.sub(":" + APART, source)
    source = _TEX.sub(lambda found: found.group() + APART, source)
    source = _NEGATIVE_LINE.sub(rf"\1{APART}", source)
    source = _HEADING.sub(rf"\1{APART}", source)
    return _UNDERLINE.sub(rf"\1{APART}", source)


def outputs(displayed: Any) -> list[Output]:
    """What a cell displayed, as nbformat writes it: text and PNG pictures, and nothing else."""
    if not isinstance(displayed, list):
        return []
    kept = [output(each) for each in displayed[:MOST_OUTPUTS]]
    if len(displayed) > MOST_OUTPUTS:
        kept.append(stream(f"… {len(displayed) - MOST_OUTPUTS} more outputs aren't kept"))
    return [each for each in kept if each is not None]


def output(displayed: Any) -> Output | None:
    """One output, or none where nothing of it can be shown."""
    if not isinstance(displayed, dict):
        return None
    kind = displayed.get("output_type")
    if kind == "stream":
        name = "stderr" if displayed.get("name") == "stderr" else "stdout"
        return stream(colored(displayed.get("text")), name)
    if kind == "error":
        lines = displayed.get("traceback")
        text = "\n".join(str(line) for line in lines) if isinstance(lines, list) else ""
        return error(
            plain(displayed.get("ename"), 100),
            plain(displayed.get("evalue"), 1000),
            colored(text),
        )
    if kind in ("display_data", "execute_result"):
        data = _data(displayed.get("data"))
        # Never an "execute_result", whose number nbgrader would take for partial credit.
        return {"output_type": "display_data", "data": data, "metadata": {}} if data else None
    return None


def _data(data: Any) -> dict[str, str]:
    if not isinstance(data, dict):
        return {}
    kept = {}
    if "text/plain" in data:
        kept["text/plain"] = plain(data["text/plain"])
    image = data.get("image/png")
    checked = png(_joined(image))
    if checked is not None:
        kept["image/png"] = checked
    return kept


def stream(text: str, name: str = "stdout") -> Output:
    return {"output_type": "stream", "name": name, "text": text}


def error(name: str, value: str, text: str) -> Output:
    return {
        "output_type": "error",
        "ename": name,
        "evalue": value,
        "traceback": text.split("\n"),
    }


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def png(encoded: str) -> str | None:
    """A PNG picture in base64, written again from the chunks that hold the picture itself.

    None if it is no PNG, larger than allowed, or damaged. Nothing is decompressed.
    """
    if not encoded or len(encoded) > LARGEST_IMAGE * 4 // 3 + 1000:
        return None
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not content.startswith(PNG_SIGNATURE):
        return None
    place, kept, names = len(PNG_SIGNATURE), [PNG_SIGNATURE], []
    while place + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        whole = content[place : place + 12 + length]
        if len(whole) != 12 + length or zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:]):
            return None
        if name in PNG_CHUNKS:
            names.append(name)
            kept.append(whole)
        place += len(whole)
        if name == b"IEND":
            break
    one_header = names[:1] == [b"IHDR"] and names.count(b"IHDR") == 1 and len(kept[1]) == 25
    if not one_header or names[-1] != b"IEND" or b"IDAT" not in names:
        return None
    width, height = struct.unpack(">II", kept[1][8:16])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        return None
    return base64.b64encode(b"".join(kept)).decode()
