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
let waiting = null; // a board that came while a card was being dragged
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

/* What somebody has ticked, typed or opened stays, unless an act of their own has just used it up. */
function replace(html, { done = false } = {}) {
  if (drag) {
    waiting = { html, done };
    return;
  }
  const next = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (next?.id !== "board-live") return;
  const focused = box.contains(document.activeElement) ? document.activeElement : null;
  const column = focused?.closest("[data-column]")?.dataset.column;
  for (const field of box.querySelectorAll("input[id], select[id]")) {
    const same = next.querySelector(named(field));
    if (!same) continue;
    if (field.type === "checkbox") same.checked = field.checked && !done;
    else if (field.localName === "select") same.value = [...same.options].some((one) => one.value === field.value) ? field.value : same.value;
    else if (field.value !== field.defaultValue && !done) same.value = field.value;
  }
  const opened = new Set([...box.querySelectorAll("details[open]")].map((one) => one.dataset.keep));
  for (const details of next.querySelectorAll("details")) details.open = opened.has(details.dataset.keep);
  const { scrollX, scrollY } = window;
  box.replaceChildren(next);
  prepare();
  if (focused) {
    const again = (named(focused) && next.querySelector(`${named(focused)}:not([disabled])`)) || next.querySelector(`[data-column="${CSS.escape(column ?? "none")}"] .idea-tick input`) || next.querySelector("#new-title");
    again?.focus({ preventScroll: true });
  }
  window.scrollTo(scrollX, scrollY);
}

async function ask() {
  const news = await fetchPart(`${address}?part=live`, etag);
  if (news) {
    etag = news.tag;
    replace(news.html);
  }
  return null;
}

/* A question that was on its way when something changed may answer with what was before: then it is asked once more. */
let version = 0;
let again = false;
let asking = false;
async function refresh() {
  again = true;
  if (asking) return;
  asking = true;
  while (again) {
    again = false;
    await room.ask();
  }
  asking = false;
}

const room = follow({
  stream: box.dataset.stream,
  ask,
  onView: () => {},
  onPulse: (pulse) => {
    if (pulse.version !== version) refresh();
    version = pulse.version;
  },
  onLine: (there) => {
    lost = !there;
    show(lost ? box.dataset.lost : "", lost ? "lost" : "");
  },
});

/* ---- one act ---- */
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
    etag = told.etag;
    replace(told.html, { done: !told.problem });
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
  const held = waiting;
  waiting = null;
  if (held) replace(held.html, held);
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
