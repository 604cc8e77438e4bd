"""Which languages the kit speaks, and which one a user reads."""

import locale
import os

LANGUAGES = ("en", "ko")

Text = dict[str, str]
"""One text in every language: {"en": ..., "ko": ...}."""


def choose_language(option: str | None, *, saved: str | None = None) -> str:
    """Return "en", "ko" or "both": the option, else KATA_LANG, else what is saved, else the locale, else English."""
    wanted = option or os.environ.get("KATA_LANG") or saved
    if wanted:
        return wanted if wanted in (*LANGUAGES, "both") else "en"
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    system = next((name for name in names if name), "") or locale.getlocale()[0] or ""
    return "ko" if system.lower().startswith(("ko", "korean")) else "en"


def in_language(text: Text, language: str) -> str:
    """Return the text in one language, or in both, English first, one under the other."""
    if not text:
        return ""
    if language == "both":
        return "\n".join(text[name] for name in LANGUAGES)
    return text[language]
