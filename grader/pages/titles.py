"""What katas and checks are called on a page, in every language, as far as the bank at hand knows them."""

import re

from grader.bank.kata import Kata
from grader.result import CheckResult
from grader.words.catalogue import load_catalogue
from grader.words.languages import LANGUAGES, Text

_PLACE = re.compile(r"\{(\w+)\}")


class Titles:
    """Titles by kata; one that the bank does not know is called as in the report."""

    def __init__(self, katas: tuple[Kata, ...]) -> None:
        """Read the katas' own titles."""
        self._katas = {kata.name: kata.title for kata in katas}
        self._checks = {
            kata.name: load_catalogue(kata.exercise / "messages.toml").tables.get("titles", {}) for kata in katas
        }

    def kata(self, name: str) -> Text:
        """Return a kata's title."""
        return self._katas.get(name) or dict.fromkeys(LANGUAGES, name[3:].replace("_", " ") or name)

    def check(self, kata: str, check: CheckResult) -> Text:
        """Return a check's title.

        Reports have it in English. A title with one placeholder gets the parameter that stands in the check's id
        ("rows[AND]"); one with more stays English, because an id does not say which is which.
        """
        name, _, parameters = check.id.partition("[")
        found = {}
        for language, text in self._checks.get(kata, {}).get(name, {}).items():
            places = set(_PLACE.findall(text))
            if len(places) <= 1:
                found[language] = text.format_map(dict.fromkeys(places, parameters.removesuffix("]")))
        return {language: found.get(language, check.title) for language in LANGUAGES} | {"en": check.title}
