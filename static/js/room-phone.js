/* The phone of somebody in the room: follows the facilitator's step, keeps what is typed, and loses nothing that is sent.
   Without this file the page is plain forms that reload. */
import { fill, onChange, onClick, onInput, readVotes, restore, settle, snapshot, textOfQuestion } from "./room-forms.js";
import { Ballots } from "./room-queue.js";
import { Sender } from "./room-sender.js";
import { follow } from "./room-stream.js";
import { Texts } from "./room-texts.js";
import { makeView } from "./room-view.js";

const page = document.getElementById("phone");
const live = page.querySelector("[data-live]");
const status = page.querySelector("[data-status]");
const words = page.dataset;
const json = (id) => JSON.parse(document.getElementById(id).textContent);

const ballots = new Ballots(words.mark);
const first = json("pulse");
const state = { pulse: first, counted: words.counted === "yes", sending: "saved", editing: 0 };
const offset = first.now - Date.now();
let line = null;
const now = () => (line ? line.now() : Date.now() + offset);
let texts = null;

// ---- what is read aloud: short, and the same words never twice in a row
function say(text) {
  if (text && status.textContent !== text) status.textContent = text;
}

const view = makeView({ page, live, ballots, words, now, say, state });
const { root, answer, form, place, isVoted, textKind, valueWords, standing } = view;

// ---- own words; `known` are those that the server had taken when it was asked
const taken = () => ballots.all().filter((one) => one.state === "saved");
function learn(own, known = taken()) {
  const at = place();
  const saved = known.filter((one) => one.round === at.round);
  const told = new Set();
  const take = (kind, round, id, content, revision) => {
    told.add(ballots.key({ kind, round: Number(round), id }));
    ballots.learn(kind, Number(round), id, { ...content, step: at.step }, revision);
  };
  Object.entries(own.votes).forEach(([round, votes]) => Object.entries(votes).forEach(([id, one]) => take("votes", round, id, one, one.revision)));
  Object.entries(own.reasons).forEach(([round, all]) => Object.entries(all).forEach(([id, one]) => take("reasons", round, id, one, one.revision)));
  Object.entries(own.ideas).forEach(([round, all]) => Object.entries(all).forEach(([id, one]) => take("ideas", round, id, one, one.revision)));
  Object.entries(own.commitments).forEach(([id, one]) => take("commitments", at.round, id, one, one.revision));
  // taken back with another phone of the same seat
  saved.filter((one) => !told.has(ballots.key(one)) && ballots.read(ballots.key(one))?.revision === one.revision).forEach((one) => ballots.forget(one));
  state.counted = own.counted;
}

async function askOwn() {
  const known = taken();
  try {
    const response = await fetch("own/", { credentials: "same-origin", cache: "no-store" });
    if (response.status !== 200) return;
    const own = await response.json();
    sender.csrf = own.csrf;
    learn(own, known);
    showAll();
  } catch (_) {
    // without a network there is nothing newer
  }
}

function showTexts() {
  if (!texts || texts.box !== answer()) {
    const kind = textKind();
    texts = new Texts({ box: answer(), kind, place: place(), ballots, words, now, changed: () => changed() });
    if (texts.form) {
      texts.edit(ballots.draft(place().round).editing); // what was being changed goes on
      restoreDraft(texts.form);
    }
  }
  texts.show();
  if (texts.form && !state.counted) texts.form.hidden = true;
  view.showSaving(answer(), ballots.of(textKind(), place().round).filter((one) => one.content !== null));
}

function showAll() {
  if (isVoted()) view.showVotes();
  else if (answer()?.querySelector("[data-texts]")) showTexts();
  view.showLost();
  view.showPulse();
}

// ---- the form as it stood before a reload, or before the page changed around it
function restoreDraft(target) {
  const held = ballots.draft(place().round);
  if (Object.keys(held).length) restore(target, held);
  else settle(target);
}

function prepare() {
  texts = null;
  live.querySelectorAll("form").forEach((one) => (one.noValidate = true)); // what is wrong is said on the page
  if (form()) {
    const by = (kind, round, what) =>
      Object.fromEntries(ballots.of(kind, round).filter((one) => one.state !== "late").map((one) => [one.id, what(one.content)]));
    const { round } = place();
    const mine = by("votes", round, (content) => content);
    const whole = ["dots", "ranking"].includes(root().dataset.kind);
    if (whole && !Object.keys(mine).length) {
      form().querySelectorAll("[data-question]").forEach((one) => {
        const stood = standing(one.dataset.question);
        if (stood) mine[one.dataset.question] = stood.content;
      });
    }
    fill(form(), root().dataset.kind, mine, by("reasons", round, (content) => content.text));
    restoreDraft(form());
  }
}

let keeping = 0;
function keepDraft(target) {
  clearTimeout(keeping);
  const { round } = place();
  const store = () => {
    const editing = texts?.editing; // which of one's own texts is being changed
    ballots.keepDraft(round, { ...snapshot(target), ...(editing && { editing }) });
  };
  keeping = setTimeout(store, 150);
  keepDraft.now = () => {
    clearTimeout(keeping);
    store();
    keepDraft.now = null;
  };
}
keepDraft.now = null;

// ---- news
function replace(html) {
  const next = new DOMParser().parseFromString(html, "text/html").querySelector("[data-room]");
  if (!next) return;
  const was = { ...root().dataset };
  const focused = document.activeElement;
  const hadFocus = live.contains(focused) ? focused : null;
  const scroll = window.scrollY;
  keepDraft.now?.();
  const fresh = [];
  next.querySelectorAll("[data-part]").forEach((part) => {
    const old = root().querySelector(`[data-part="${part.dataset.part}"]`);
    if (old.dataset.key === part.dataset.key) return;
    const opened = new Set([...old.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
    old.replaceWith(document.importNode(part, true));
    const added = root().querySelector(`[data-part="${part.dataset.part}"]`);
    added.querySelectorAll("details > summary").forEach((one) => {
      if (opened.has(one.textContent)) one.parentNode.open = true;
    });
    fresh.push(part.dataset.part);
  });
  [...next.attributes].forEach((one) => root().setAttribute(one.name, one.value));
  const at = root().dataset;
  if (was.round !== at.round) state.editing = 0;
  if (fresh.includes("answer")) prepare();
  showAll();
  const heading = live.querySelector("[data-heading]");
  if (was.step !== at.step || (was.phase === "lobby") !== (at.phase === "lobby")) {
    window.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  } else if (hadFocus && !document.contains(hadFocus)) {
    const same = hadFocus.id && document.getElementById(hadFocus.id);
    (same || heading).focus({ preventScroll: true });
    window.scrollTo(0, scroll);
  }
  if (was.news !== at.news || was.round !== at.round) say(at.news);
}

/* A round that was opened again takes what came too late before: asked once for each act of a facilitator. */
const refusedAt = new Map(); // the room's version when something came too late
function reopen() {
  if (!state.pulse || state.pulse.state !== "open" || state.pulse.round !== place().round) return;
  const late = ballots
    .all()
    .filter((one) => one.state === "late" && one.round === state.pulse.round)
    .filter((one) => state.pulse.version > (refusedAt.get(ballots.key(one)) ?? -1));
  late.forEach((one) => ballots.put({ ...one, state: "waiting", message: "" }));
  if (late.length) sender.flush();
}

function setRemoved(isRemoved) {
  const box = page.querySelector("[data-removed]");
  if (box.hidden === !isRemoved) return;
  box.hidden = !isRemoved;
  live.hidden = isRemoved;
  page.querySelector("#minutes").hidden = isRemoved;
  if (isRemoved) {
    sender.stop();
    box.querySelector("h1").focus();
  } else {
    live.querySelector("[data-heading]").focus();
    sender.resume();
  }
}

function setGroup(groups) {
  const name = Object.keys(groups ?? {}).find((one) => groups[one].includes(words.mark)) ?? "";
  page.querySelector("[data-group]").hidden = !name;
  page.querySelector("[data-group-name]").textContent = name;
}

function onView(news) {
  if (!document.querySelector("[data-line]").dataset.state) onLine(true);
  setRemoved(news.removed.includes(words.mark));
  setGroup(news.groups);
  const before = root().dataset.step;
  replace(news.html);
  if (root().dataset.phase === "ended") forgetAll();
  else if (before !== root().dataset.step && isVoted()) askOwn(); // a step taken up again: what was said there earlier
}

/* Over: nothing of what was said stays on the phone, but what could not be sent. */
function forgetAll() {
  ballots.all().forEach((one) => one.state === "saved" && ballots.forget(one));
}

function onPulse(news) {
  state.pulse = news;
  reopen();
  view.showPulse();
}

function onLine(isThere) {
  const spot = document.querySelector("[data-line]");
  spot.dataset.state = isThere ? "saved" : "lost";
  spot.querySelector("[data-text]").textContent = isThere ? spot.dataset.connected : spot.dataset.lost;
  if (isThere) sender.wake();
}

// ---- sending
const sender = new Sender(ballots, {
  csrf: words.csrf,
  stamp: () => state.pulse.version,
  onState(what) {
    const before = state.sending;
    state.sending = what;
    showAll();
    if (what !== before && what !== "sending") say({ waiting: words.waiting, slow: words.slow, stopped: words.stopped }[what] ?? "");
  },
  onSettled(entries, at) {
    const [refused] = entries.filter((one) => ballots.read(ballots.key(one))?.state === "refused");
    const [late] = entries.filter((one) => ballots.read(ballots.key(one))?.state === "late");
    entries.filter((one) => one.content === null && ballots.read(ballots.key(one))?.state === "saved").forEach((one) => ballots.forget(one));
    if (refused && form() && refused.round === place().round) {
      state.editing = place().round; // what was sent is in the form, to be mended
      showProblem(ballots.read(ballots.key(refused)).message);
    }
    if (late) entries.forEach((one) => refusedAt.set(ballots.key(one), at));
    if (late) say(ballots.read(ballots.key(late)).message);
    else if (refused) say(ballots.read(ballots.key(refused)).message);
    else say(words.saved);
    showAll();
  },
});

function changed() {
  state.sending = "saved";
  showAll();
  sender.flush();
}

function showProblem(text, at = null) {
  const spot = form().querySelector("[data-problem]");
  spot.hidden = !text;
  spot.textContent = text;
  if (at) at.focus();
}

function give(votes, reasons) {
  const revision = ballots.next(now());
  const at = place();
  const label = (item) => {
    const question = form().querySelector(`[data-question="${CSS.escape(item)}"]`);
    return question ? textOfQuestion(question) : "";
  };
  votes.forEach((vote) => {
    const content = { ...vote, step: at.step };
    ballots.put({ kind: "votes", round: at.round, id: vote.item, content, revision, label: label(vote.item), said: valueWords(vote) });
  });
  reasons.forEach((reason) =>
    ballots.put({ kind: "reasons", round: at.round, id: reason.item, content: { ...reason, step: at.step }, revision, label: label(reason.item), said: reason.text }),
  );
  ballots.dropDraft(at.round);
  clearTimeout(keeping);
  keepDraft.now = null;
  state.editing = 0;
  showProblem("");
  changed();
  answer().querySelector("[data-change]")?.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

// ---- what the person does
let pressed = null;
live.addEventListener("click", (event) => {
  const button = event.target.closest("button, [data-change]");
  if (!button) return;
  pressed = button;
  if (button.matches("[data-change]")) {
    event.preventDefault();
    state.editing = place().round;
    prepare();
    showAll();
    (form().querySelector("input:checked") ?? form().querySelector("input:not([type=hidden]), select"))?.focus();
  } else if (button.matches("[data-keep]")) {
    const items = [...form().querySelectorAll("[data-question]")].map((one) => one.dataset.question);
    const votes = items.map((item) => [item, standing(item)]).filter(([, one]) => one);
    give(votes.map(([item, one]) => ({ item, value: one.content.value, confidence: one.content.confidence ?? null, delay: one.content.delay ?? null })), readVotes(form(), root().dataset.kind).reasons);
  } else if (form()?.contains(button) && onClick(form(), button, words, say)) keepDraft(form());
});
live.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  const button = event.submitter ?? pressed;
  const found = readVotes(form(), root().dataset.kind);
  if (button?.matches("[data-cant-say]")) {
    give([{ item: button.name.replace("value-", ""), value: "cant-say" }], found.reasons);
  } else if (found.problem) {
    showProblem(words[found.problem.words], found.problem.at);
    say(words[found.problem.words]);
  } else give(found.votes, found.reasons);
});
live.addEventListener("input", (event) => {
  const own = event.target.closest("[data-form]");
  if (!own) return;
  if (own === form()) {
    onInput(own, event.target);
    showProblem("");
  }
  keepDraft(own);
});
live.addEventListener("change", (event) => {
  if (!form()?.contains(event.target)) return;
  onChange(form(), event.target, words, say);
  keepDraft(form());
});
page.querySelector("[data-lost-seen]").addEventListener("click", () => {
  ballots.all().filter((one) => one.state === "late").forEach((one) => ballots.forget(one));
  view.showLost();
  live.querySelector("[data-heading]").focus({ preventScroll: true });
});
window.addEventListener("pagehide", () => keepDraft.now?.());
window.addEventListener("storage", (event) => event.key?.indexOf(ballots.prefix) === 0 && showAll()); // another tab of this seat

// ---- begin
learn(json("own"));
if (new URLSearchParams(window.location.search).has("change")) state.editing = place().round;
prepare();
showAll();
page.querySelector("[data-focus]")?.focus();
line = follow({
  stream: words.stream,
  state: words.state,
  onView,
  onPulse,
  onLine,
  onGone: () => window.location.reload(),
});
setInterval(view.showTimer, 500);
sender.flush();
if (root().dataset.phase === "ended") forgetAll();
