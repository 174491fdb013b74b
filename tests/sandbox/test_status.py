"""``sandbox_status`` says what there is, and how to get what is missing."""

from autograder.sandbox import box, sandbox_status, status
from tests.needs import needs_bubblewrap


def test_what_is_there_is_named():
    needs_bubblewrap()
    abilities = sandbox_status()
    missing = [ability for ability in abilities if ability.required and not ability.present]
    assert not missing
    assert all(ability.line for ability in abilities)
    assert status.is_available(abilities)


def test_what_is_missing_comes_with_a_remedy(monkeypatch):
    monkeypatch.setattr(box.shutil, "which", lambda name: None)
    abilities = sandbox_status()
    assert not status.is_available(abilities)
    assert "apt install bubblewrap" in abilities[0].line


def test_a_program_that_fails_is_quoted():
    failing = ["sh", "-c", "echo no permission >&2; exit 1"]
    said = status._last_words(lambda **options: status.subprocess.Popen(failing, **options))
    assert said == "no permission."
