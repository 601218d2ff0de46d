"""THE SEAM for figures: reports written as MeasureReport, CSV and JSON.

May import: `policy` and the rooms below it.
Start with `write_measure_report`.
"""
