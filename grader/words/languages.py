"""Which languages the kit speaks, and which one a user reads.

English and Korean stand side by side in every catalogue. A further language costs one file for each catalogue and no
code: cli.fr.toml beside cli.toml, messages.fr.toml beside a kata's messages.toml. The kit speaks it once there is the
first of these files; what they lack is said in English.
"""

import locale
import os
from collections.abc import Mapping
from pathlib import Path

TEXTS = Path(__file__).parent.parent / "texts"
"""The kit's own catalogues."""
BOTH = ("en", "ko")
"""What "both" shows, and what every text has to have."""
LANGUAGES = (*BOTH, *sorted(path.name.split(".")[1] for path in TEXTS.glob("cli.*.toml")))

Text = dict[str, str]
"""One text in every language: {"en": ..., "ko": ...}."""


def choose_language(option: str | None, *, saved: str | None = None) -> str:
    """Return a language or "both": the option, else KATA_LANG, else what is saved, else the locale, else English."""
    wanted = option or os.environ.get("KATA_LANG") or saved
    if wanted:
        return wanted if wanted in (*LANGUAGES, "both") else "en"
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    system = (next((name for name in names if name), "") or locale.getlocale()[0] or "").lower()
    # Windows says "Korean_Korea".
    return "ko" if system.startswith("korean") else next((code for code in LANGUAGES if code == system[:2]), "en")


def languages_of(language: str) -> tuple[str, ...]:
    """Return the languages to show, one after the other: more than one for "both"."""
    return BOTH if language == "both" else (language,)


def in_language(text: Mapping[str, str], language: str) -> str:
    """Return the text in one language, or in both, English first, one under the other."""
    if not text:
        return ""
    return "\n".join(text.get(one, text["en"]) for one in languages_of(language))
