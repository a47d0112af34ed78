"""Text in columns on a terminal, where a Chinese character takes two."""

import unicodedata


def text_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def pad_text(text: str, size: int) -> str:
    return text + " " * (size - text_width(text))
