/* The facilitator's console: forms without leaving the page, the room's news, counts between two news, single keys.
   Without this file everything works by sending forms and loading the page again. */
import { fetchPart } from "./live-part.js";
import { follow } from "./room-stream.js";

const box = document.getElementById("console");
const line = document.getElementById("console-line");
const said = document.getElementById("console-said");
const address = box.dataset.address;
const SAY_MS = 6000;
const PULSE_MS = 1000; // counts ask for the page's own part no more often than this
const TYPE_MS = 900; // a pause in typing, after which notes are saved
const SOON_S = 15;
let etag = box.dataset.etag;
let lost = false;
let hiding = 0;
let composing = false;
let busy = 0; // forms on their way, or waiting for their turn
let leaving = false; // to where the answer to a press said
let waiting = null; // a part that came while something was being composed

const live = () => document.getElementById("console-live");
const version = () => Number(live().dataset.version);
const typing = (element) => element?.matches?.("input:not([type=hidden]):not([type=checkbox]), textarea, select") ?? false;

/* ---- what is said ---- */
function show(text, kind = "") {
  clearTimeout(hiding);
  line.textContent = text;
  line.className = `console-line ${kind}`.trim();
  line.hidden = !text;
  if (text && kind !== "lost") {
    hiding = setTimeout(() => {
      line.hidden = true;
      if (lost) show(line.dataset.lost, "lost");
    }, SAY_MS);
  }
}

/* ---- the part that changes ---- */
const named = (element) => (element.id ? `#${CSS.escape(element.id)}` : "");

/* What somebody has typed and not yet saved stays in its field, whatever the new part says. */
function isDirty(field) {
  if (field.localName === "select") {
    const first = [...field.options].findIndex((one) => one.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
}
function carry(next) {
  for (const form of box.querySelectorAll("form[id]")) {
    // a text that somebody else may have changed meanwhile: the form stays as it is, with what its writer has seen
    if (!form.elements.seen || form.dataset.saved || ![...form.elements].some((one) => one.id && isDirty(one))) continue;
    next.querySelector(named(form))?.replaceWith(form);
  }
  for (const field of box.querySelectorAll("input[id]:not([readonly]), textarea[id], select[id]")) {
    const same = isDirty(field) && next.querySelector(named(field));
    if (!same) continue;
    if (field.type === "checkbox") same.checked = field.checked;
    else same.value = field.value;
  }
}

/* What is said of how far a field is saved stands until the next word about it. */
function keepMarks(next) {
  for (const mark of box.querySelectorAll("[data-state-of]")) {
    const same = next.querySelector(`[data-state-of="${CSS.escape(mark.dataset.stateOf)}"]`);
    if (same) same.textContent = mark.textContent;
  }
}

/* `tag` is the part's ETag. A part that was asked for before something was pressed may come after the answer to it, or
   the answer after the news of what was done next: the older one is not shown. Null then, else whether the room moved. */
const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
function replace(html, tag) {
  const next = parsed(html);
  if (!next || next.id !== "console-live" || Number(next.dataset.version) < (waiting?.version ?? version())) return null;
  if (composing) {
    waiting = { html, tag, version: Number(next.dataset.version) };
    return false;
  }
  etag = tag;
  const active = document.activeElement;
  const focused = box.contains(active) ? named(active) : "";
  const marks = focused && typing(active) && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  const opened = new Map([...box.querySelectorAll("details[data-keep]")].map((one) => [one.dataset.keep, one.open]));
  const { scrollX, scrollY } = window;
  const moved = ["step", "round", "state"].some((name) => next.dataset[name] !== live().dataset[name]);
  carry(next);
  keepMarks(next);
  box.replaceChildren(next);
  for (const details of next.querySelectorAll("details[data-keep]")) {
    const open = opened.get(details.dataset.keep);
    if (open !== undefined) details.open = open;
  }
  let again = focused ? next.querySelector(focused) : null;
  if (again?.disabled) again = again.closest("li")?.querySelector("button:not([disabled])") ?? null; // moved to the end
  if (again) {
    again.focus({ preventScroll: true });
    if (marks && marks[0] !== null) again.setSelectionRange?.(marks[0], marks[1]);
  } else if (focused) {
    const heading = document.getElementById("step-title"); // the button that was pressed is gone: read on from the step
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  window.scrollTo(scrollX, scrollY);
  prepare();
  box.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true })); // charts get their tab stops again
  return moved;
}

async function ask() {
  const began = performance.now();
  // gone while a press is on its way: its answer says where to go on, as after the end of a rehearsal
  const news = await fetchPart(`${address}?part=live`, etag, () => busy || leaving || window.location.reload());
  if (news && replace(news.html, news.tag)) said.textContent = live().dataset.said; // somebody else led the room on
  if (news && counted.at > began) count(counted.pulse); // newer than the part
  return null;
}

let counted = { pulse: null, at: 0 };
let askedAt = 0;
let planned = 0;
function askSoon(pause) {
  if (planned) return;
  const due = Math.max(0, askedAt + pause - Date.now());
  planned = setTimeout(() => {
    planned = 0;
    askedAt = Date.now();
    room.ask();
  }, due);
}

/* ---- the room's news ---- */
function count(pulse) {
  const here = box.querySelector("[data-live=here]");
  if (here) here.textContent = pulse.here;
  const phones = box.querySelector("[data-live=phones]");
  if (phones) {
    const words = pulse.here === 1 ? phones.dataset.one : phones.dataset.many;
    phones.textContent = pulse.away ? `${words} · ${phones.dataset.away.replace("{n}", pulse.away)}` : words;
  }
  if (pulse.round !== Number(live().dataset.round)) return;
  const all = Math.max(pulse.answered, pulse.here + pulse.away);
  const answered = box.querySelector("[data-live=answered]");
  if (answered) answered.textContent = answered.dataset.words.replace("{n}", pulse.answered).replace("{all}", all);
  const bar = document.getElementById("answered-bar");
  if (bar) {
    bar.max = Math.max(all, 1);
    bar.value = pulse.answered;
    bar.setAttribute("aria-label", bar.dataset.words.replace("{n}", pulse.answered).replace("{all}", all));
  }
}

const room = follow({
  stream: box.dataset.stream,
  ask,
  onView: (view) => view.version > version() && askSoon(0),
  onPulse: (pulse) => {
    counted = { pulse, at: performance.now() };
    count(pulse);
    askSoon(pulse.version > version() || pulse.state !== live().dataset.state ? 0 : PULSE_MS);
  },
  onLine: (there) => {
    lost = !there;
    if (lost) show(line.dataset.lost, "lost");
    else if (line.classList.contains("lost")) show("");
  },
});

/* ---- the timer runs on the server's clock ---- */
function tick() {
  const timer = box.querySelector("[data-closes-at]");
  if (!timer) return;
  const left = Math.max(0, Math.ceil((Number(timer.dataset.closesAt) - room.now()) / 1000));
  timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  timer.classList.toggle("soon", left <= SOON_S);
  if (left === 0 && live().dataset.state === "open") askSoon(PULSE_MS);
}
setInterval(tick, 250);

/* ---- forms ---- */
let turn = Promise.resolve();
/* One after the other, in the order in which they were pressed: the room's news may offer a button before the answer to
   the press before has come. */
function inTurn(work) {
  busy += 1;
  box.setAttribute("aria-busy", "true");
  turn = turn.catch(() => {}).then(() => leaving || work()).finally(() => {
    busy -= 1;
    if (!busy) box.removeAttribute("aria-busy");
  });
}
function dataOf(form, button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  return data;
}
async function send(form, data, quiet = false) {
  const response = await fetch(form.action, {
    method: "POST",
    body: data,
    headers: { "X-Requested-With": "fetch" },
    credentials: "same-origin",
    redirect: "manual",
  });
  if (![200, 422].includes(response.status)) {
    if (response.type === "opaqueredirect" || [403, 404].includes(response.status)) window.location.reload();
    throw new Error(String(response.status));
  }
  const answer = await response.json();
  if (answer.go) {
    leaving = true;
    window.location.assign(answer.go);
    return answer;
  }
  if (response.ok) settle(form, data);
  if (replace(answer.html, answer.etag) === null) catchUp(form.id, parsed(answer.html));
  if (answer.seen) differ(form.id, answer);
  if (!quiet || answer.problem) {
    said.textContent = answer.said;
    show(answer.said, answer.problem ? "problem" : "");
  }
  return answer;
}

/* What was sent and taken counts as saved from now on; what has been typed since does not. */
function settle(sent, data) {
  const form = document.getElementById(sent.id) ?? sent; // news may have brought another meanwhile
  form.dataset.saved = "yes";
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.localName === "button") continue;
    if (field.type === "checkbox") field.defaultChecked = data.has(field.name);
    else if ("defaultValue" in field) {
      if (form.hasAttribute("data-reset") && field.value === data.get(field.name)) field.value = "";
      field.defaultValue = form.hasAttribute("data-reset") ? "" : data.get(field.name);
    }
  }
}

/* Newer news came before the answer, around a form that was not saved then: it learns what it has saved. */
function catchUp(id, part) {
  const form = id && document.getElementById(id);
  const seen = id && part?.querySelector(`#${CSS.escape(id)} [name=seen]`);
  if (form && seen) {
    form.elements.seen.value = seen.value;
    delete form.dataset.saved;
  }
  etag = "";
  askSoon(0);
}

/* Somebody else wrote in between: their text stands beside ours, and only a press saves ours over it. */
function differ(id, answer) {
  const form = document.getElementById(id);
  const other = form?.querySelector("[data-other]");
  if (!other) return;
  form.elements.seen.value = answer.seen;
  form.dataset.differs = "yes";
  other.querySelector("[data-now]").textContent = answer.now;
  other.hidden = false;
}

/* The second click of a double click is meant for what was there at the first, not for what the news put in its place. */
let clicked = "";
box.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button?.form) return;
  const what = [button.form.action, button.name, button.value].join("\n");
  if (event.detail > 1 && what !== clicked) event.preventDefault();
  else clicked = what;
});

const onTheWay = new Set();
let failures = 0; // what was pressed behind a press that failed is not done later, unexpectedly
const PER_PAGE = new Set(["csrfmiddlewaretoken", "key"]); // other ones each time the part is made
box.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.action.startsWith(new URL(address, window.location).href)) return;
  event.preventDefault();
  const button = event.submitter;
  const data = dataOf(form, button);
  const press = [form.action, ...[...data].filter(([name]) => !PER_PAGE.has(name)).flat()].join("\n");
  if (onTheWay.has(press)) return; // pressed twice
  onTheWay.add(press);
  button?.setAttribute("aria-busy", "true");
  const before = failures;
  inTurn(async () => {
    try {
      if (failures === before) await send(form, data);
    } catch {
      failures += 1;
      show(line.dataset.failed, "problem");
      said.textContent = line.dataset.failed;
    } finally {
      onTheWay.delete(press);
      button?.removeAttribute("aria-busy");
    }
  });
});

/* ---- private notes are saved as they are typed ---- */
const pauses = new Map();
function save(id) {
  pauses.delete(id);
  inTurn(async () => {
    const field = document.getElementById(id);
    if (!field || composing || !isDirty(field) || field.form.dataset.differs) return;
    const sent = field.value;
    try {
      const answer = await send(field.form, dataOf(field.form), true);
      const now = document.getElementById(id);
      if (!now) return;
      const isNewer = now.value !== sent; // typed since
      mark(id, answer.problem ? "" : isNewer ? line.dataset.saving : line.dataset.saved);
      if (!answer.problem && isNewer) later(id);
    } catch {
      later(id, TYPE_MS * 5);
    }
  });
}
function later(id, pause = TYPE_MS) {
  clearTimeout(pauses.get(id));
  pauses.set(id, setTimeout(() => save(id), pause));
}
function mark(id, text) {
  const place = box.querySelector(`[data-state-of="${CSS.escape(id)}"]`);
  if (place) place.textContent = text;
}
box.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.closest("form[data-typed=save]")) return;
  mark(field.id, line.dataset.saving);
  later(field.id);
});
box.addEventListener("compositionstart", () => (composing = true));
box.addEventListener("compositionend", () => {
  composing = false;
  const part = waiting;
  waiting = null;
  if (part) replace(part.html, part.tag);
});
window.addEventListener("beforeunload", (event) => {
  if (pauses.size) event.preventDefault();
});

/* ---- copying, clock times, single keys ---- */
function prepare() {
  for (const button of box.querySelectorAll("[data-copy], [data-opens]")) button.hidden = false;
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const clock = new Intl.DateTimeFormat(document.documentElement.lang || undefined, shape);
  for (const time of box.querySelectorAll("time[data-clock]")) time.textContent = clock.format(new Date(time.dateTime));
  tell();
}
box.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const field = document.getElementById(copy.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      show(copy.dataset.done);
      said.textContent = copy.dataset.done;
    } catch {
      field.focus(); // selected: the person copies it
    }
  }
  if (event.target.closest("[data-opens=shortcuts]")) dialog.showModal();
});

const dialog = document.getElementById("shortcuts");
const chosen = document.getElementById("shortcuts-on");
const KEY = "console-shortcuts";
function stored() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}
function tell() {
  for (const element of box.querySelectorAll("[data-key]")) {
    if (chosen.checked) element.setAttribute("aria-keyshortcuts", element.dataset.key.toUpperCase());
    else element.removeAttribute("aria-keyshortcuts");
  }
}
chosen.checked = stored();
chosen.addEventListener("change", () => {
  try {
    localStorage.setItem(KEY, chosen.checked ? "on" : "off");
  } catch {
    // a browser that keeps nothing: it holds until the page is closed
  }
  tell();
});
document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.isComposing;
  if (!isPlain || dialog.open || typing(event.target) || event.target.isContentEditable) return;
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (!chosen.checked || !/^[a-z]$/i.test(event.key)) return;
  const found = box.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (!found || found.disabled) return;
  event.preventDefault();
  found.click();
});

prepare();
