"""Charts as pure functions: frozen typed inputs in, a `Chart` (words, table, escaped SVG) out. Standard library only.

Rules every chart keeps:
- Words and table come with the drawing (`ChartSpec`); every number drawn is in both.
- An interval is drawn wherever it exists. A missing number is `WITHHELD` (hatch) or `absent(reason)` (words), never 0.
- Drawn at the size it is shown, in a wide and a narrow version: text is never scaled.
- `Look` says how: classes for a page, literal colours for PDF and PNG; the words, for translation.
- No state: the same arguments give the same string, from any thread.
"""
