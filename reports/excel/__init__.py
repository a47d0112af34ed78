"""The 迎检汇总表 as a workbook: `sheets` says what stands where, `workbook` draws it, `build` puts it together."""

from reports.excel.build import inspection_summary

__all__ = ["inspection_summary"]
