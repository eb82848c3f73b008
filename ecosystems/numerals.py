"""How a number is written, on pages, in charts, in tables and files: rounded once, at the end, half away from zero.

Pure, no Django. Signed numbers carry a true minus sign (U+2212); ranges read "10 to 25".
"""

from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"


def rounded(value: float, digits: int = 0) -> Decimal:
    """`value` with `digits` decimals, half away from zero on its shortest decimal form (2.675 -> 2.68).

    Raises ValueError for NaN and infinities: a number that cannot be computed is `None` with a reason, never NaN.
    """
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        raise ValueError(f"{value!r} cannot be written as a number; pass None and say why it is missing")
    result = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return result if result else abs(result)  # no "-0"


def number(value: float, digits: int = 0) -> str:
    """`48`, `47.6`, `−3`."""
    return str(rounded(value, digits)).replace("-", MINUS)


def signed(value: float, digits: int = 0) -> str:
    """`+3`, `−3`; zero has no sign."""
    result = rounded(value, digits)
    return f"{result:+}".replace("-", MINUS) if result else str(result)


def interval(low: float, high: float, digits: int = 0, *, sign: bool = False) -> str:
    """`10 to 25`; with `sign`, `−2 to +14`."""
    write = signed if sign else number
    return f"{write(low, digits)} to {write(high, digits)}"
