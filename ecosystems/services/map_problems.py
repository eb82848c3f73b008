"""Why an edit of a causal map cannot be made, in words that say what to do."""

from uuid import UUID

from django.utils.translation import gettext as _


class MapProblem(Exception):
    """Why something cannot be done with a map, for the person who tried."""


class FactorGone(MapProblem):
    """A factor that is not on the map any more: it can be brought back by `name`, which is '' where it never was."""

    def __init__(self, factor: int, name: str = "", by: str = "") -> None:
        self.factor, self.name, self.by = factor, name, by
        super().__init__(self._told())

    def _told(self) -> str:
        if not self.name:
            return _("This factor is not on the map. Reload the page.")
        if not self.by:
            return _("“%(name)s” is no longer on the map. Bring it back, or leave it.") % {"name": self.name}
        told = {"name": self.name, "who": self.by}
        return _("%(who)s has taken “%(name)s” off the map. Bring it back, or leave it.") % told


class LinkGone(MapProblem):
    """A link that is not on the map any more; `names` are its ends, none where it never was."""

    def __init__(self, link: int, names: tuple[str, ...] = (), by: str = "") -> None:
        self.link, self.names, self.by = link, names, by
        super().__init__(self._told())

    def _told(self) -> str:
        if len(self.names) < 2:
            return _("This link is not on the map. Reload the page.")
        told = {"source": self.names[0], "target": self.names[1], "who": self.by}
        if not self.by:
            return _("The link from “%(source)s” to “%(target)s” has been removed. Draw it again, or leave it.") % told
        return _("%(who)s has removed the link from “%(source)s” to “%(target)s”. Draw it again, or leave it.") % told


class NameTaken(MapProblem):
    """Another factor of the ecosystem is called so; `on_map` says whether it can be seen there."""

    def __init__(self, name: str, factor: int, *, on_map: bool) -> None:
        self.name, self.factor, self.on_map = name, factor, on_map
        if on_map:
            told = _("There is a factor “%(name)s” already. Choose another name.")
        else:
            told = _("“%(name)s” was taken off the map. Add it by that name to bring it back, or choose another name.")
        super().__init__(told % {"name": name})


class SelfLink(MapProblem):
    def __init__(self) -> None:
        super().__init__(_("A factor cannot influence itself directly. Choose two different factors."))


class LinkThere(MapProblem):
    """The other opinion on the same two factors stands beside this link already."""

    def __init__(self, sign: int) -> None:
        if sign > 0:
            told = _("There is a link that raises already. Change that one, or remove this one.")
        else:
            told = _("There is a link that lowers already. Change that one, or remove this one.")
        super().__init__(told)


class OutOfRange(MapProblem):
    """A name, a place or a weight that no map can hold."""


class TooLarge(MapProblem):
    """More factors or links than a map holds."""


class ChangedMeanwhile(MapProblem):
    """Somebody else changed the same thing since it was read."""


class NothingToUndo(MapProblem):
    """There is no edit of this person that could be undone, or done again."""


class NotUndone(MapProblem):
    """Why an edit cannot be undone; where there is an `older` one of this person, undoing once more can pass it by."""

    def __init__(self, problem: MapProblem, edit: UUID, *, older: bool) -> None:
        self.edit, self.older = edit, older
        more = _("%(problem)s Undo again to take back your edit before that one.") % {"problem": problem}
        super().__init__(more if older else str(problem))


class NotRedone(MapProblem):
    """Why an edit cannot be done again; where a `newer` one was undone, redoing once more can pass it by."""

    def __init__(self, problem: MapProblem, edit: UUID, *, newer: bool) -> None:
        self.edit, self.newer, self.plainly = edit, newer, str(problem)
        more = _("%(problem)s Redo again to do your edit after that one.") % {"problem": problem}
        super().__init__(more if newer else self.plainly)
