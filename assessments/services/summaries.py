"""Recomputing feedback-loop summaries: claim, compute, save (rules L3, L5)."""


def summarise(*, ecosystem_id: int) -> bool:
    """Recompute a stale ecosystem's summaries; True if this call did it."""
    return False
