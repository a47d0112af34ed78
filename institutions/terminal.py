"""Text in columns on a terminal, where a Chinese character takes two."""

import unicodedata


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, size: int) -> str:
    return text + " " * (size - width(text))
