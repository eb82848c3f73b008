"""static/js/room-motion.js under the pages’ policy: what moves, when it does not, and that it ends in what was sent."""

from pathlib import Path

import pytest

from assessments.charts.rankings import Place, RankRow, rankings
from assessments.charts.rating_rows import RatingRow, rating_rows
from assessments.charts.rounds import rounds
from assessments.charts.tallies import OptionRow, tallies
from assessments.charts.votes import Levels, Votes

STATIC = Path(__file__).parents[3] / "static"
ADDRESS = "http://room.test/"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
TEN = Levels(1, 10)
FIRST = Votes((0, 2, 3, 6, 9, 8, 4, 2, 0, 0), 5, (4, 6))
SECOND = Votes((0, 0, 1, 3, 12, 11, 5, 2, 0, 0), 6, (5, 6))
THIRD = Votes((0, 0, 0, 1, 3, 20, 8, 2, 0, 0), 6, (6, 7))
START = """import { explain, remember, DURATION_MS } from "/room-motion.js";
window.room = { explain, remember, DURATION_MS, box: document.getElementById("box") };"""


def one_round():
    return rounds("ADA", TEN, FIRST, title="Ready", now_label="round 1", big=True).svg


def two_rounds(now=SECOND, before=FIRST):
    return rounds("ADA", TEN, now, before, title="Ready", now_label="round 2", before_label="round 1", big=True).svg


def put(page, fragment):
    """Replace what the projector shows, as its script does."""
    page.evaluate("html => { room.box.innerHTML = html; }", fragment)


@pytest.fixture
def projector(page):
    """A page with the first round on it, under the content security policy of all pages; its complaints."""
    css = "charts.css"
    files = {
        "": ("text/html", f'<!doctype html><link rel="stylesheet" href="/{css}"><div id="box">{one_round()}</div>'
             '<script type="module" src="/start.js"></script>'),
        "start.js": ("text/javascript", START),
        "room-motion.js": ("text/javascript", (STATIC / "js" / "room-motion.js").read_text()),
        css: ("text/css", (STATIC / "css" / css).read_text()),
    }  # fmt: skip

    def serve(route):
        kind, body = files.get(route.request.url.removeprefix(ADDRESS), ("text/plain", ""))
        route.fulfill(content_type=f"{kind}; charset=utf-8", body=body, headers={"Content-Security-Policy": POLICY})

    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.route("**/*", serve)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(ADDRESS)
    page.wait_for_function("window.room !== undefined")
    page.evaluate("room.remember(document)")
    yield page
    assert page.problems == []


WATCH = """async () => {
  const sent = room.box.innerHTML;
  const marks = [...room.box.querySelectorAll("[data-from-height], [data-from-cx], [data-from-width]")];
  const read = () => marks.map((mark) => Number(mark.getAttribute(
    "fromCx" in mark.dataset ? "cx" : "fromHeight" in mark.dataset ? "height" : "width")));
  const final = read();
  const from = marks.map((mark) => Number(mark.dataset.fromCx ?? mark.dataset.fromHeight ?? mark.dataset.fromWidth));
  const began = performance.now();
  const done = room.explain(room.box);
  const frames = [read()];
  const later = () => [...room.box.querySelectorAll(".later")].map((mark) => mark.getAttribute("opacity"));
  const hidden = later();
  let running = true;
  const sample = () => { frames.push(read()); if (running) requestAnimationFrame(sample); };
  requestAnimationFrame(sample);
  const moved = await done;
  running = false;
  frames.push(read()); // the last frame that was drawn may have been some way off
  return { moved, from, final, frames, hidden, took: performance.now() - began, same: room.box.innerHTML === sent };
}"""


def test_columns_and_median_travel_from_the_round_before_and_end_as_sent(projector):
    put(projector, two_rounds())
    seen = projector.evaluate(WATCH)
    assert (seen["moved"], seen["same"]) == (True, True)
    assert seen["frames"][0] == seen["from"] != seen["final"]
    assert seen["frames"][-1] == seen["final"]
    assert set(seen["hidden"]) == {"0.00"}
    assert seen["took"] >= 850
    assert len({tuple(frame) for frame in seen["frames"]}) > 3  # there is something between, on a busy machine too
    for start, end, *path in zip(seen["from"], seen["final"], *seen["frames"], strict=True):
        way = [value if end >= start else -value for value in path]
        assert way == sorted(way)
    widest = max(abs(a - b) for a, b in zip(seen["from"], seen["final"], strict=True))
    assert widest > 100  # to be seen from the last row


@pytest.mark.parametrize(
    "fragment",
    [
        rating_rows([RatingRow("ADA", "Ready", SECOND, FIRST)], TEN, title="R", big=True).svg,
        tallies([OptionRow("One", 9, 4), OptionRow("Two", 3, 8)], title="T", big=True).svg,
        rankings([RankRow("One", Place(1.4), Place(1.9)), RankRow("Two", Place(1.6))], title="R", big=True).svg,
    ],
    ids=["rating_rows", "tallies", "rankings"],
)
def test_the_other_charts_of_a_second_round_travel_too(projector, fragment):
    put(projector, fragment)
    seen = projector.evaluate(WATCH)
    assert (seen["moved"], seen["same"]) == (True, True)
    assert seen["frames"][0] == seen["from"] != seen["final"] == seen["frames"][-1]


STILL = """async () => {
  let changes = 0;
  const watcher = new MutationObserver((records) => { changes += records.length; });
  watcher.observe(room.box, { subtree: true, attributes: true, childList: true });
  const moved = await room.explain(room.box);
  await new Promise((resolve) => setTimeout(resolve, 150));
  changes += watcher.takeRecords().length;
  watcher.disconnect();
  return { moved, changes };
}"""


def test_nothing_moves_for_who_asked_for_less_motion(projector):
    projector.emulate_media(reduced_motion="reduce")
    put(projector, two_rounds())
    assert projector.evaluate(STILL) == {"moved": False, "changes": 0}
    projector.emulate_media(reduced_motion="no-preference")
    assert projector.evaluate(STILL) == {"moved": False, "changes": 0}  # it was seen: no motion afterwards


def test_the_wish_for_less_motion_stops_what_runs(projector):
    put(projector, two_rounds())
    projector.evaluate("() => { room.sent = room.box.innerHTML; room.done = room.explain(room.box); }")
    projector.emulate_media(reduced_motion="reduce")
    assert projector.evaluate("async () => { await room.done; return room.box.innerHTML === room.sent; }")


def test_a_first_round_and_what_the_page_was_loaded_with_stand_still(projector):
    assert projector.evaluate(STILL) == {"moved": False, "changes": 0}
    put(projector, rounds("", TEN, SECOND, title="Another question", big=True).svg)
    assert projector.evaluate(STILL) == {"moved": False, "changes": 0}


def test_a_result_is_explained_once_and_the_next_round_again(projector):
    put(projector, two_rounds())
    assert projector.evaluate("() => room.explain(room.box)") is True
    put(projector, two_rounds())  # the same result in a newer fragment
    assert projector.evaluate(STILL) == {"moved": False, "changes": 0}
    put(projector, two_rounds(THIRD, SECOND))
    assert projector.evaluate("() => room.explain(room.box)") is True


def test_a_fragment_that_comes_during_the_motion_wins(projector):
    put(projector, two_rounds())
    ended = projector.evaluate(
        """async (next) => {
          const first = room.explain(room.box);
          await new Promise((resolve) => setTimeout(resolve, 200));
          room.box.innerHTML = next;
          const sent = room.box.innerHTML;
          const second = room.explain(room.box);
          return [await first, await second, room.box.innerHTML === sent, room.box.querySelector("[opacity]")];
        }""",
        two_rounds(THIRD, SECOND),
    )
    assert ended == [True, True, True, None]
