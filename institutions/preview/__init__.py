"""What an uploaded register would do: planned in full and shown before anything is written."""

from institutions.preview.planning import preview_register, register_rows
from institutions.preview.steps import PersonStep, Post, RegisterPreview, UnitStep
from institutions.preview.units import unit_row

__all__ = ["PersonStep", "Post", "RegisterPreview", "UnitStep", "preview_register", "register_rows", "unit_row"]
