/* The ideas board: sorting without leaving the page, what others sort meanwhile, and cards that are dragged or moved by
   arrow keys. Without this file everything works by ticking and sending forms. */
import { fetchPart } from "./live-part.js";
import { follow } from "./room-stream.js";

const box = document.getElementById("ideas-board");
const line = document.getElementById("board-line");
const { address } = box.dataset;
const SAY_MS = 6000;
const FAR_PX = 6; // a press that moves less is no drag
const EDGE_PX = 70; // of the window, where a drag scrolls it
let { etag } = box.dataset;
let hiding = 0;
let lost = false;
let drag = null;
let composing = false;
let waiting = null; // a board that came while a card was being dragged, or a word being composed
let sending = Promise.resolve();

function show(text, kind = "") {
  clearTimeout(hiding);
  line.textContent = text;
  line.className = `board-line ${kind}`.trim();
  line.hidden = !text;
  if (text && kind !== "lost") {
    hiding = setTimeout(() => {
      line.hidden = true;
      if (lost) show(box.dataset.lost, "lost");
    }, SAY_MS);
  }
}

/* ---- the board as it is now ---- */
const named = (element) => (element?.id ? `#${CSS.escape(element.id)}` : "");
const ticked = () => [...box.querySelectorAll("input[name=idea]:checked")];

function count() {
  const all = ticked().length;
  for (const tick of box.querySelectorAll("input[name=idea][form]")) tick.closest(".idea-card").classList.toggle("ticked", tick.checked);
  const words = all === 0 ? box.dataset.none : all === 1 ? box.dataset.one : box.dataset.many.replace("{n}", all);
  const place = box.querySelector("[data-ticked]");
  if (place) place.textContent = words;
}

function prepare() {
  for (const handle of box.querySelectorAll("[data-handle]")) handle.hidden = false;
  count();
}

const versionOf = (board) => Number(board.dataset.version);

/* `tag` is the board's ETag. A board that was asked for before an act may come after the answer to it. */
function take(html, tag) {
  const next = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (next?.id !== "board-live" || versionOf(next) < versionOf(waiting ?? box.firstElementChild)) return;
  etag = tag;
  if (drag || composing) waiting = next;
  else replace(next);
}

/* What somebody has ticked, typed or opened stays. */
function replace(next) {
  const focused = box.contains(document.activeElement) ? document.activeElement : null;
  const marks = focused?.matches("input.input") ? [focused.selectionStart, focused.selectionEnd] : null;
  const column = focused?.closest("[data-column]")?.dataset.column;
  for (const field of box.querySelectorAll("input[id], select[id]")) {
    const same = next.querySelector(named(field));
    if (!same) continue;
    if (field.type === "checkbox") same.checked = field.checked;
    else if (field.localName === "select") same.value = [...same.options].some((one) => one.value === field.value) ? field.value : same.value;
    else if (field.value !== field.defaultValue) same.value = field.value;
  }
  const opened = new Set([...box.querySelectorAll("details[open]")].map((one) => one.dataset.keep));
  for (const details of next.querySelectorAll("details")) details.open = opened.has(details.dataset.keep);
  const { scrollX, scrollY } = window;
  box.replaceChildren(next);
  prepare();
  if (focused) {
    const again = (named(focused) && next.querySelector(`${named(focused)}:not([disabled])`)) || next.querySelector(`[data-column="${CSS.escape(column ?? "none")}"] .idea-tick input`) || next.querySelector("#new-title");
    again?.focus({ preventScroll: true });
    if (marks && again?.id === focused.id) again.setSelectionRange(...marks);
  }
  window.scrollTo(scrollX, scrollY);
}
function replaceNow() {
  const next = waiting;
  waiting = null;
  if (next) replace(next);
}

async function ask() {
  const news = await fetchPart(`${address}?part=live`, etag);
  if (news) take(news.html, news.tag);
  return null;
}

let version = 0;
const room = follow({
  stream: box.dataset.stream,
  ask,
  onView: () => {},
  onPulse: (pulse) => {
    if (pulse.version !== version) room.ask();
    version = pulse.version;
  },
  onLine: (there) => {
    lost = !there;
    show(lost ? box.dataset.lost : "", lost ? "lost" : "");
  },
});

/* ---- one act ---- */
/* What an act has just used up; what has been ticked or typed since stays. */
function clear(data) {
  const ideas = data.getAll("idea");
  const title = ["add", "rename"].includes(data.get("act")) ? data.get("title") : null;
  const name = data.get("act") === "rename" ? `title-${data.get("cluster")}` : "new-title";
  for (const field of box.querySelectorAll("input[id]")) {
    if (field.type === "checkbox") field.checked &&= !ideas.includes(field.value);
    else if (field.id === name && field.value === title) field.value = field.defaultValue;
  }
  count();
}
async function post(data) {
  try {
    const response = await fetch(address, {
      method: "POST",
      body: data,
      headers: { "X-Requested-With": "fetch" },
      credentials: "same-origin",
      redirect: "manual",
    });
    if (![200, 422].includes(response.status)) throw new Error(String(response.status));
    const told = await response.json();
    if (!told.problem) clear(data);
    take(told.html, told.etag);
    show(told.said, told.problem ? "problem" : "");
  } catch {
    show(box.dataset.failed, "problem");
  }
}
function act(data) {
  sending = sending.then(() => post(data)); // in the order in which it was done
  return sending;
}
box.addEventListener("submit", (event) => {
  event.preventDefault();
  const data = new FormData(event.target);
  if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
  act(data);
});
box.addEventListener("change", (event) => event.target.name === "idea" && count());
box.addEventListener("compositionstart", () => (composing = true));
box.addEventListener("compositionend", () => {
  composing = false;
  if (!drag) replaceNow();
});

function move(key, to) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", box.querySelector("#sort [name=csrfmiddlewaretoken]").value);
  data.set("act", "move");
  data.append("idea", key);
  data.set("to", to);
  return act(data);
}

/* ---- keyboard ---- */
box.addEventListener("keydown", async (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const columns = [...box.querySelectorAll("[data-column]")];
  const isBack = (event.key === "ArrowLeft") === (document.documentElement.dir !== "rtl");
  const to = columns[columns.indexOf(handle.closest("[data-column]")) + (isBack ? -1 : 1)];
  if (to) await move(handle.closest("[data-idea]").dataset.idea, to.dataset.column);
});

/* ---- dragging ---- */
function under(event) {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-column]") ?? null;
}
function begin() {
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  ghost.textContent = drag.card.querySelector(".idea-tick").textContent;
  document.body.append(ghost);
  drag.ghost = ghost;
  drag.card.classList.add("away");
}
function end() {
  if (!drag) return;
  drag.ghost?.remove();
  drag.card.classList.remove("away");
  drag.over?.classList.remove("over");
  drag = null;
  replaceNow();
}
box.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button !== 0) return;
  handle.setPointerCapture(event.pointerId);
  drag = { id: event.pointerId, card: handle.closest("[data-idea]"), x: event.clientX, y: event.clientY, ghost: null, over: null };
});
box.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR_PX) return;
    begin();
  }
  drag.ghost.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 12}px)`;
  const over = under(event);
  if (over !== drag.over) {
    drag.over?.classList.remove("over");
    over?.classList.add("over");
    drag.over = over;
  }
  if (event.clientY < EDGE_PX) window.scrollBy(0, -12);
  else if (event.clientY > window.innerHeight - EDGE_PX) window.scrollBy(0, 12);
});
box.addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const { over, card, ghost } = drag;
  const to = ghost && over && over !== card.closest("[data-column]") ? over.dataset.column : null;
  end();
  if (to !== null) move(card.dataset.idea, to);
});
box.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => event.key === "Escape" && end());

prepare();
