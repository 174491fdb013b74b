"""Grading a course: submissions in, marks, feedback and a summary out."""

import sys

# jsonschema imports it where it is installed: a grammar of internationalized addresses that takes
# more than a second to build, in every process, and that no notebook's schema asks for.
sys.modules.setdefault("rfc3987_syntax", None)
