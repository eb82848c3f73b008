/* The screen in the room: follows the stream, fetches itself anew when the room changed, counts and counts down between,
   and turns the pages of what is long. Without this file the page reloads itself and shows all pages below each other. */
import { explain, remember } from "./room-motion.js";
import { follow } from "./room-stream.js";

const box = document.getElementById("projector");
const lost = document.getElementById("projector-lost");
const said = document.getElementById("projector-said");
const PAGE_MS = 14_000; // long enough to read a page from the back
const TICK_MS = 250;
const CHECK_MS = 5_000; // whether what is seen is what the counts tell of
let pulse = JSON.parse(document.getElementById("pulse").textContent);
let at = 0; // the page that is seen
let turned = Date.now();
let paused = false;
let checked = Date.now();

const screen = () => box.querySelector("[data-screen]");
const pages = () => [...box.querySelectorAll("[data-page]")];

/* ---- pages ---- */
function show(index, { move = true } = {}) {
  const all = pages();
  at = all.length ? (index + all.length) % all.length : 0;
  turned = Date.now();
  all.forEach((page, number) => page.classList.toggle("now", number === at));
  const turn = box.querySelector("[data-turn]");
  if (turn) {
    turn.hidden = false;
    const words = turn.querySelector("[data-at]");
    words.textContent = words.dataset.words.replace("{at}", at + 1).replace("{all}", all.length);
    turn.querySelector("[data-pause]").setAttribute("aria-pressed", String(paused));
  }
  if (move && all[at]) explain(all[at]);
}
function turnTo(step) {
  show(at + step);
}
box.addEventListener("click", (event) => {
  const go = event.target.closest("[data-go]");
  if (go) turnTo(Number(go.dataset.go));
  if (event.target.closest("[data-pause]")) {
    paused = !paused;
    show(at, { move: false });
  }
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || pages().length < 2) return;
  const steps = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  turnTo(steps[event.key]);
});

/* ---- what changes ---- */
function swap(html) {
  const next = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!next?.matches("[data-screen]")) return;
  const old = screen().dataset;
  const isSame = old.phase === next.dataset.phase && old.round === next.dataset.round;
  if (!isSame || old.heading !== next.dataset.heading) said.textContent = next.dataset.heading;
  if (!isSame) paused = false;
  const focused = document.activeElement?.closest("[data-go], [data-pause]");
  const again = focused && (focused.dataset.go ? `[data-go="${focused.dataset.go}"]` : "[data-pause]");
  screen().replaceWith(next);
  if (again) box.querySelector(again)?.focus({ preventScroll: true });
  const since = turned;
  show(isSame ? Math.min(at, Math.max(0, pages().length - 1)) : 0);
  if (isSame) turned = since; // a change of the board does not hold the page
  count();
  tick();
}

const text = (name, words) => {
  for (const place of box.querySelectorAll(`[data-live="${name}"]`)) if (place.textContent !== words(place)) place.textContent = words(place);
};
function count() {
  text("answered", () => String(pulse.answered));
  text("asked", (place) => place.dataset.words.replace("{all}", pulse.asked));
  text("here", (place) => (pulse.here === 1 ? place.dataset.one : place.dataset.many.replace("{n}", pulse.here)));
  const bar = box.querySelector('[data-live="progress"]');
  if (bar) {
    bar.max = Math.max(1, pulse.asked);
    bar.value = pulse.answered;
  }
}
function tick() {
  const timer = box.querySelector("[data-timer]");
  if (timer) {
    timer.hidden = !pulse.closes_at;
    if (pulse.closes_at) {
      const left = Math.max(0, Math.ceil((pulse.closes_at - line.now()) / 1000));
      const words = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : timer.dataset.over;
      if (timer.textContent !== words) timer.textContent = words;
    }
  }
  if (Date.now() - checked > CHECK_MS) {
    checked = Date.now();
    if (isOld()) line.ask();
  }
  if (!paused && pages().length > 1 && Date.now() - turned > PAGE_MS && !document.hidden) turnTo(1);
}

/* What is shown may be older than the news. */
function isOld() {
  const { version, state } = screen().dataset;
  return pulse.version > Number(version) || (pulse.version === Number(version) && pulse.state !== state);
}

const line = follow({
  stream: box.dataset.stream,
  state: box.dataset.state,
  onView: (view) => ("screen" in view ? swap(view.screen) : line.ask()), // the stream's view is that of phones
  onPulse: (news) => {
    pulse = news;
    count();
    tick();
  },
  onLine: (there) => {
    lost.hidden = there;
  },
  onGone: () => location.reload(),
});
line.apply({ pulse });
box.classList.add("turning");
remember(box);
show(0, { move: false });
count();
tick();
setInterval(tick, TICK_MS);

/* A screen that goes dark in the middle of a workshop helps nobody. */
async function stayAwake() {
  try {
    if (!document.hidden) await navigator.wakeLock?.request("screen");
  } catch {
    // not allowed here: the machine's own setting holds
  }
}
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
