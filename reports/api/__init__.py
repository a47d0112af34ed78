"""The dataclasses of the pages as JSON, under the same rules of who may see what."""
