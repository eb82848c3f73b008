/* The editor of a causal map: by mouse, by touch and by keyboard, alone or together. Without this file the list page does
   the same by forms. */
import { Drawing, filled } from "./map-drawing.js";
import { listenToGestures } from "./map-gestures.js";
import { Panel } from "./map-panel.js";
import { overlaid } from "./map-state.js";
import { Sync } from "./map-sync.js";

const STEP = 10;
const BIG_STEP = 50;
const MOVE_MS = 500;
const READABLE = matchMedia("(min-width: 40rem)").matches ? 0.62 : 0.72;
const ZOOM = 1.25;

const box = document.getElementById("map-editor");
const canvas = box.querySelector(".map-canvas");
const status = document.getElementById("map-status");
const empty = document.getElementById("map-empty");
const words = JSON.parse(document.getElementById("map-words").textContent);
const ties = JSON.parse(document.getElementById("map-ties").textContent);
const mayEdit = Boolean(box.dataset.edits);
const drawing = new Drawing({ svg: canvas.querySelector("svg"), words, mayEdit });

let map = JSON.parse(document.getElementById("map-first").textContent);
let choice = null;
let held = new Map(); // factors that arrow keys are moving → their place
let moving = 0;
let taken = []; // edits that were taken back before they left
let past = null; // an edit that could not be undone: the next undo passes it by
let beyond = null; // an edit that could not be done again: the next redo passes it by
let waiting = false; // news that came while something was being dragged
const seen = new Set(map.edits.map((one) => one.key));
const last = new Map(); // where factors were that are gone

function say(text, kind = "") {
  if (status.textContent !== text) status.textContent = text;
  status.className = `map-status ${kind}`.trim();
}

// ---- what is drawn

function render() {
  if (gestures?.state.busy) {
    waiting = true;
    return;
  }
  waiting = false;
  map = overlaid(sync ? sync.base : map, sync ? sync.waiting : [], ties);
  for (const one of map.factors) if (one.x !== null) last.set(one.key, [one.x, one.y]);
  const name = choice?.kind === "factor" ? choice.key : choice?.kind === "link" ? `${choice.source}>${choice.target}` : null;
  drawing.render(map, { chosen: name, linking: choice?.kind === "join" ? choice.key : null, held: new Set(held.keys()) });
  canvas.classList.toggle("is-linking", choice?.kind === "join");
  box.classList.toggle("is-empty", !map.factors.length);
  box.classList.toggle("is-choosing", Boolean(choice));
  if (empty) empty.hidden = map.factors.length > 0 || choice?.kind === "new";
}

function choose(next, { focus = false, reveal = false, back = false } = {}) {
  const before = choice;
  choice = next;
  render();
  panel.show(next, { focus });
  if (next && !before && matchMedia("(max-width: 71.99rem)").matches) {
    canvas.scrollIntoView({ block: "start" }); // what is chosen and its fields fit on a phone together
    drawing.reveal(next.key ?? next.source);
  }
  if (reveal && next?.key) {
    drawing.reveal(next.key);
    drawing.factors.get(next.key)?.element.focus({ preventScroll: true });
  }
  if (back && !next) (drawing.factors.get(before?.key ?? before?.source)?.element ?? canvas).focus({ preventScroll: true });
}

// ---- edits

function edit(kind, fields) {
  taken = [];
  if (!["undo", "redo"].includes(kind)) past = null;
  if (kind !== "redo") beyond = null;
  const made = sync.add({ kind, ...fields });
  render();
  panel.refresh();
  return made;
}

function add({ name, facet, indicator, x, y }) {
  const made = edit("add-factor", { name, facet, indicator, x, y });
  choose({ kind: "factor", key: `new:${made.key}` }, { reveal: true });
}

function remove(what) {
  if (what.kind === "link") edit("remove-link", { link: what.id ?? panel.link()?.drawn[0]?.id });
  else edit("remove-factor", { factor: what.key });
  choose(what.kind === "link" ? { kind: "factor", key: what.source } : null, { back: true });
  if (what.kind === "link") drawing.factors.get(what.source)?.element.focus({ preventScroll: true });
}

/* Gone by somebody else's hand: by its old name it comes back as it was, then it is changed as was meant. */
function bringBack(name, values, place) {
  const made = sync.add({ kind: "add-factor", name, facet: values.facet, indicator: values.indicator, x: place?.[0] ?? null, y: place?.[1] ?? null });
  const key = `new:${made.key}`;
  if (values.name !== name) sync.add({ kind: "change-factor", factor: key, ...values, seen: { ...values, name } });
  choose({ kind: "factor", key }, { reveal: true });
}

/* What has not left this browser is undone and done again here. */
function undo(kind) {
  const back = kind === "undo" ? sync.takeBack() : null;
  const again = kind === "redo" ? taken.pop() : null;
  if (!back && !again) {
    edit(kind, kind === "undo" ? (past ? { past } : {}) : { beyond });
    return;
  }
  if (back) taken.push(back);
  else sync.add(again);
  if (back) say(words.nothing_to_undo);
  render();
  panel.refresh();
}

function startLink(key) {
  choose({ kind: "join", key }, { focus: true });
}

function join(source, target) {
  choose({ kind: "link", source, target }, { focus: true });
}

function newFactor(x, y) {
  const [ax, ay] = x === undefined ? drawing.freePlace() : [x, y];
  choose({ kind: "new", x: ax, y: ay }, { focus: true });
}

function nudge(key, dx, dy) {
  const one = drawing.factors.get(key);
  drawing.shift(key, one.x + dx, one.y + dy);
  drawing.reveal(key);
  held.set(key, [one.x, one.y]);
  clearTimeout(moving);
  moving = setTimeout(settle, MOVE_MS);
}

function settle() {
  clearTimeout(moving);
  if (!held.size) return;
  const places = Object.fromEntries(held);
  held = new Map();
  edit("move", { places });
}

// ---- news

function onMap(next, made) {
  for (const { from, to } of made) {
    drawing.rekey(from, to);
    gestures.rekey(from, to);
    if (held.has(from)) {
      held.set(to, held.get(from));
      held.delete(from);
    }
    for (const name of ["key", "source", "target"]) {
      if (choice?.[name] !== from) continue;
      choice = { ...choice, [name]: to };
      panel.choice = choice;
    }
  }
  render();
  panel.refresh();
  const news = next.edits.filter((one) => !seen.has(one.key));
  for (const one of next.edits) seen.add(one.key);
  const others = news.filter((one) => !sync.own.has(one.key));
  if (others.length) say(others[0].text);
}

/* What the server would not take: the fields come back with what was typed in them. */
function onRefused(sent, told) {
  render();
  if (told.past) past = told.past;
  if (told.beyond) beyond = told.beyond;
  const { name, facet, indicator } = sent;
  if (sent.kind === "add-factor") {
    choose({ kind: "new", x: sent.x, y: sent.y, typed: { name, facet, indicator } }, { focus: true });
    panel.problem(told.message);
  } else if (sent.kind === "change-factor" && told.gone) {
    panel.choice = choice = { kind: "factor", key: String(sent.factor) };
    panel.before = sent.seen;
    offerGone(sent, told);
  } else if (sent.kind === "change-factor") {
    choose({ kind: "factor", key: String(sent.factor), typed: { name, facet, indicator } }, { focus: true });
    panel.problem(told.message);
  } else {
    if (choice && choice.kind !== "new") panel.refresh();
    const isUndo = sent.kind === "undo" || sent.kind === "redo"; // nothing was to be saved
    say(isUndo ? told.message : filled(words.not_saved, told), "is-problem");
    return;
  }
  say(filled(words.not_saved, told), "is-problem");
}

function offerGone(sent, told) {
  const { name, facet, indicator } = sent;
  panel.choice = choice = { kind: "new", typed: { name, facet, indicator } };
  panel.show(choice);
  panel.choice = choice = { kind: "factor", key: String(sent.factor) };
  panel.before = { ...sent.seen, name: told.name || sent.seen.name };
  panel.typed = true;
  panel.shown = panel.fingerprint();
  panel.offerBack(told.message);
}

function onLine(state) {
  box.classList.toggle("is-lost", state === "lost" || state === "out");
  if (state === "saved") say(words.saved);
  else if (state === "lost") say(words.lost, "is-lost");
  else if (state === "out") say(words.out, "is-problem");
  else if (state === "back") say(words.back);
}

// ---- keys

canvas.addEventListener("keydown", (event) => {
  const key = event.target.closest("[data-key]")?.dataset.key ?? null;
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = event.shiftKey ? BIG_STEP : STEP;
  if (arrows[event.key]) {
    const [dx, dy] = arrows[event.key];
    if (key && mayEdit) nudge(key, dx * step, dy * step);
    else drawing.pan(-dx * 40, -dy * 40);
  } else if (key && [" ", "Enter"].includes(event.key)) {
    if (choice?.kind === "join" && choice.key !== key) join(choice.key, key);
    else choose({ kind: "factor", key }, { focus: true });
  } else if (event.key === "Escape") {
    gestures.cancel();
    choose(null, { back: true });
  } else if (event.key === "+" || event.key === "=") drawing.zoom(ZOOM);
  else if (event.key === "-") drawing.zoom(1 / ZOOM);
  else if (event.key === "0") drawing.fit();
  else if (mayEdit && event.key.toLowerCase() === "n") newFactor();
  else if (mayEdit && key && event.key.toLowerCase() === "l") startLink(key);
  else if (mayEdit && key && ["Delete", "Backspace"].includes(event.key)) {
    choose({ kind: "factor", key });
    panel.askToRemove();
  } else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!mayEdit || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target.closest?.("input, select, textarea")) return; // there it undoes typing
  const name = event.key.toLowerCase();
  if (name === "z") undo(event.shiftKey ? "redo" : "undo");
  else if (name === "y") undo("redo");
  else return;
  event.preventDefault();
});

/* Tab into a box that lies outside what is seen. */
canvas.addEventListener("focusin", (event) => {
  const key = event.target.closest("[data-key]")?.dataset.key;
  if (key && !gestures.state.busy) drawing.reveal(key);
});
canvas.addEventListener("focusout", settle);
canvas.addEventListener("click", (event) => {
  if (event.detail !== 0) return; // pressed by an aid, not by a pointer
  const key = event.target.closest("[data-key]")?.dataset.key;
  if (key) choose({ kind: "factor", key }, { focus: true });
});

const BUTTONS = {
  add: () => newFactor(),
  undo: () => undo("undo"),
  redo: () => undo("redo"),
  "lay-out": () => edit("lay-out", {}),
  in: () => drawing.zoom(ZOOM),
  out: () => drawing.zoom(1 / ZOOM),
  fit: () => drawing.fit(),
};
empty?.querySelector("[data-first]")?.addEventListener("click", (event) => {
  event.preventDefault();
  newFactor();
});
box.addEventListener("click", (event) => BUTTONS[event.target.closest("[data-act]")?.dataset.act]?.());

// ---- begin

const panel = new Panel({
  box: box.querySelector(".map-panel"),
  words,
  mayEdit,
  map: () => map,
  fields: document.getElementById("factor-fields"),
  acts: { edit, add, remove, choose, startLink, bringBack, placeOf: (key) => last.get(key) },
});
let gestures = null;
let sync = null;
gestures = listenToGestures({
  canvas,
  drawing,
  mayEdit,
  on: {
    press: (key) => (choice?.kind === "join" && choice.key !== key ? join(choice.key, key) : choose({ kind: "factor", key })),
    pressLink(pair) {
      const [source, target] = pair.split(">");
      choose({ kind: "link", source, target });
    },
    pressGround: () => choice && !panel.typed && choose(null),
    ground: newFactor,
    drop: (key, x, y) => edit("move", { places: { [key]: [x, y] } }),
    startLink,
    join,
    idle: () => waiting && render(),
  },
});
sync = new Sync({ box, first: map, onMap, onRefused, onLine });
box.hidden = false;
render();
drawing.fit(READABLE);
panel.show(null);
let [width, height] = [0, 0];
let touched = false; // until then the whole map is shown in whatever room there is, once that is known
for (const kind of ["pointerdown", "keydown", "wheel"]) {
  box.addEventListener(kind, () => (touched = true), { capture: true, once: true, passive: true });
}
new ResizeObserver(() => {
  const now = [canvas.clientWidth, canvas.clientHeight];
  if (touched && width) drawing.pan((now[0] - width) / 2, (now[1] - height) / 2); // what was in the middle stays there
  else drawing.fit(READABLE);
  [width, height] = now;
}).observe(canvas);
