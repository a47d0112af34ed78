"""The quarter in an address; imported by the addresses that use it."""

from django.urls import register_converter

from targets.periods import Quarter


class QuarterConverter:
    """2024Q1 in an address."""

    regex = "[0-9]{4}Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter | str) -> str:
        return str(value)


register_converter(QuarterConverter, "quarter")
