"""A web address as a QR code: an SVG without styles or scripts, as the content security policy wants it."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4
"""Modules of white around a code, as ISO/IEC 18004 asks."""


def qr_svg(text: str, *, title: str) -> SafeString:
    """The code as inline SVG; error correction Q, since it is printed and hung up."""
    matrix = segno.make_qr(text, error="q").matrix
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, cells in enumerate(matrix)
        for column, dark in enumerate(cells)
        if dark
    )
    side = len(matrix) + 2 * QUIET
    return format_html(
        '<svg class="qr" viewBox="0 0 {side} {side}" width="{size}" height="{size}" role="img"'
        ' shape-rendering="crispEdges">'
        '<title>{title}</title><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>',
        side=side,
        size=side * 6,
        title=title,
        path=path,
    )
