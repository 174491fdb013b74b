"""Citations by author and year in round brackets, "Rumelhart et al. (1986)", and their links."""

from __future__ import annotations

from dataclasses import dataclass, field

from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def round_brackets() -> BracketStyle:
    """Return the brackets."""
    return BracketStyle(left="(", right=")")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """sphinxcontrib-bibtex's style `author_year` has square brackets; this one has round ones."""

    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)
    bracket_textual: BracketStyle = field(default_factory=round_brackets)
    bracket_author: BracketStyle = field(default_factory=round_brackets)
    bracket_label: BracketStyle = field(default_factory=round_brackets)
    bracket_year: BracketStyle = field(default_factory=round_brackets)


def doi_record(app: Sphinx, uri: str) -> str | None:
    """Return where `make links` asks for a DOI: at its registry.

    The publishers behind doi.org turn robots away, whether or not they have the paper.
    """
    doi = uri.removeprefix("https://doi.org/")
    return f"https://doi.org/api/handles/{doi}" if doi != uri else None


def setup(app: Sphinx) -> None:
    """Make the style known as `author_year_round`, and connect to Sphinx's check of links."""
    register_plugin("sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYear)
    app.connect("linkcheck-process-uri", doi_record)
