// Saves every answer as it is given. Without this file the pages are plain forms that save with their buttons.
import { Queue } from "./fill-in-queue.js";

const LARGEST_BATCH = 48 * 1024; // bytes; the server takes 64 kB and 200 answers
const MOST = 100;
const PATIENCE = 15000;
const LONGEST_PAUSE = 60000;
const TYPING_PAUSE = 700;

const thanks = document.getElementById("thanks");
const place = thanks || document.querySelector("[data-answers]");
if (place) start(place);

function start(host) {
  const { token, answers: url, now, thanks: thanksUrl } = host.dataset;
  const queue = new Queue(token);
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`fill-in:${token}`) : null;
  if (thanks) {
    queue.clear();
    if (channel) channel.postMessage({ submitted: true });
    return;
  }

  const field = host.querySelector("[name=csrfmiddlewaretoken]");
  let offset = Number(now) - Date.now(); // the server's clock orders answers, also on a device whose clock is wrong
  let csrf = field ? field.value : "";
  let last = 0;
  let failures = 0;
  let timer = 0;
  let running = null;
  let stopped = false;
  let leaving = false;

  // ---- what the person sees
  const state = document.getElementById("save-state");
  function say(what) {
    if (!state) return;
    const text = state.querySelector("[data-text]");
    const words = what ? state.dataset[what] : "";
    if (text.textContent !== words) text.textContent = words; // the same words again would only be read out again
    state.dataset.state = what;
  }
  function showError(item, part, message) {
    const box = document.getElementById(`${part === "comment" ? "ce" : "e"}-${item}`);
    if (!box) return;
    box.querySelector("[data-message]").textContent = message;
    box.hidden = !message;
    const text = part === "comment" && document.getElementById(`c-${item}`);
    if (text) text.setAttribute("aria-invalid", message ? "true" : "false");
  }
  function stop(message) {
    stopped = true;
    say("stopped");
    const box = document.getElementById("stopped");
    if (!box) return;
    box.querySelector("[data-message]").textContent = message;
    box.hidden = false;
    box.focus();
  }
  function leaveForThanks() {
    queue.clear();
    leaving = true;
    location.href = thanksUrl;
  }

  // ---- the page's questions
  const questions = new Map([...host.querySelectorAll("[data-item]")].map((box) => [box.dataset.item, box]));
  const radios = (box) => [...box.querySelectorAll("input[type=radio]")];
  function showBlank(box) {
    const blank = box.querySelector(".blank-out");
    const chosen = radios(box).find((radio) => radio.checked);
    if (blank) blank.hidden = !chosen || chosen.value === "";
    const late = box.dataset.late && document.getElementById(box.dataset.late); // only what has an effect shows it
    if (late) late.hidden = !chosen || ["", "0", "x"].includes(chosen.value);
  }
  const known = (box, part) => Number(part === "value" ? box.dataset.revision : box.dataset.commentRevision) || 0;
  function learn(box, part, revision) {
    if (part === "value") box.dataset.revision = String(revision);
    else box.dataset.commentRevision = String(revision);
    last = Math.max(last, revision);
  }
  // An answer from the queue, another tab or another device; the latest wins. True if the page changed.
  function apply(entry) {
    const box = questions.get(entry.item);
    const part = "value" in entry ? "value" : "comment";
    if (!box || entry.revision <= known(box, part)) return false;
    if (part === "comment") {
      const text = box.querySelector("textarea");
      if (!text) return false;
      if (text === document.activeElement && text.value !== entry.comment) return false;
      learn(box, part, entry.revision);
      if (text.value === entry.comment) return false;
      text.value = entry.comment;
      if (entry.comment) box.querySelector("details").open = true;
      return true;
    }
    learn(box, part, entry.revision);
    const letter = entry.value === null ? "" : String(entry.value);
    const before = radios(box).find((radio) => radio.checked);
    radios(box).forEach((radio) => {
      radio.checked = radio.value === letter && letter !== "";
    });
    showBlank(box);
    return (before ? before.value : "") !== letter;
  }
  function give(box, part, content) {
    const revision = Math.max(Date.now() + offset, last + 1, known(box, part) + 1);
    const entry = { item: box.dataset.item, revision, [part]: content };
    learn(box, part, revision);
    queue.put(entry);
    if (channel) channel.postMessage(entry);
    showError(entry.item, part, "");
    schedule(part === "value" ? 0 : TYPING_PAUSE);
  }

  // ---- sending
  function schedule(pause) {
    clearTimeout(timer);
    timer = setTimeout(flush, pause);
  }
  function batch() {
    const taken = [];
    let size = 20;
    for (const [key, entry] of queue.entries()) {
      const bytes = new TextEncoder().encode(JSON.stringify(entry)).length + 1;
      if (taken.length && (taken.length === MOST || size + bytes > LARGEST_BATCH)) break;
      taken.push([key, entry]);
      size += bytes;
    }
    return taken;
  }
  const body = (taken) => JSON.stringify({ answers: taken.map(([, entry]) => entry) });
  async function post(taken) {
    const abort = new AbortController();
    const patience = setTimeout(() => abort.abort(), PATIENCE);
    try {
      return await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: body(taken),
        signal: abort.signal,
      });
    } finally {
      clearTimeout(patience);
    }
  }
  // "saved", "offline" (no answer), "stopped" (no more is taken) or "failed" (the server answered with something else)
  async function sendAll() {
    let forged = 0;
    for (let taken = batch(); taken.length; taken = batch()) {
      let response;
      try {
        response = await post(taken);
      } catch (_) {
        return "offline";
      }
      const told = await response.json().catch(() => ({}));
      if (response.status === 200 || response.status === 422) {
        if (!("changed" in told)) return "failed"; // a portal of the Wi-Fi that answers for us
        taken.forEach(([key, entry]) => queue.confirm(key, entry.revision));
        told.refused.forEach((one) => showError(one.item, one.part, one.message));
        if (told.refused.length) say("refused");
      } else if (response.status === 403 && told.csrf && forged < 2) {
        forged += 1;
        csrf = told.csrf;
        if (field) field.value = csrf;
      } else if (response.status === 409 && told.reason === "submitted") {
        leaveForThanks();
        return "stopped";
      } else if ((response.status === 409 || response.status === 410) && told.message) {
        stop(told.message);
        return "stopped";
      } else {
        return "failed";
      }
    }
    return "saved";
  }
  function flush() {
    clearTimeout(timer);
    if (stopped) return Promise.resolve("stopped");
    if (!running) {
      const slow = setTimeout(() => say("saving"), 1000);
      if (state && state.dataset.state === "refused") say("");
      running = sendAll().then((outcome) => {
        clearTimeout(slow);
        running = null;
        if (outcome === "saved") {
          failures = 0;
          if (!state || state.dataset.state !== "refused") say("saved");
        } else if (outcome !== "stopped") {
          failures += 1;
          say("waiting");
          schedule(Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random()));
        }
        return outcome;
      });
    }
    return running;
  }
  // The tab may be gone in a moment: what is not confirmed stays in the queue and goes out again on the next visit.
  function sendOnLeaving() {
    const taken = stopped || leaving ? [] : batch();
    if (!taken.length) return;
    if ("keepalive" in Request.prototype) {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
      fetch(url, { method: "POST", credentials: "same-origin", keepalive: true, headers, body: body(taken) })
        .then((response) => response.status === 200 && taken.forEach(([key, entry]) => queue.confirm(key, entry.revision)))
        .catch(() => {});
    } else if (navigator.sendBeacon) {
      navigator.sendBeacon(url, new URLSearchParams({ batch: body(taken), csrfmiddlewaretoken: csrf }));
    }
  }
  // What other devices have said since.
  async function lookUp() {
    if (stopped) return;
    let told;
    try {
      const response = await fetch(url, { credentials: "same-origin" });
      told = await response.json();
    } catch (_) {
      return;
    }
    if (!told.answers) return;
    csrf = told.csrf;
    offset = told.now - Date.now();
    if (told.state === "submitted") leaveForThanks();
    let changed = false;
    Object.keys(told.answers).forEach((item) => {
      const one = told.answers[item];
      changed = apply({ item, revision: one.revision, value: one.value || null }) || changed;
      changed = apply({ item, revision: one.comment_revision, comment: one.comment }) || changed;
    });
    if (changed) say("elsewhere");
    flush();
  }

  // ---- events
  host.addEventListener("change", (event) => {
    const box = event.target.closest("[data-item]");
    if (!box || event.target.type !== "radio") return;
    const { value } = event.target;
    showBlank(box);
    give(box, "value", value === "" ? null : value === "x" ? "x" : Number(value));
    if (value === "") event.target.checked = false;
  });
  host.addEventListener("input", (event) => {
    const box = event.target.closest("[data-item]");
    if (box && event.target.tagName === "TEXTAREA") give(box, "comment", event.target.value);
  });
  host.addEventListener("focusout", (event) => {
    if (event.target.tagName === "TEXTAREA" && queue.size) flush();
  });
  let pressed = null;
  host.addEventListener("click", (event) => {
    pressed = event.target.closest("button") || pressed;
  });
  host.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    const button = event.submitter || pressed;
    // what was said while the last batch was on its way goes out with one more
    let outcome = await flush();
    if (outcome === "saved" && queue.size) outcome = await flush();
    if (outcome === "offline" || outcome === "stopped") {
      leaving = false; // the page stays, with all that was typed
      return;
    }
    questions.forEach((box) => {
      const chosen = radios(box).find((radio) => radio.checked);
      if (outcome === "saved") box.querySelector("[name^='seen-']").value = chosen ? chosen.value : "";
    });
    if (button && button.name) {
      const go = document.createElement("input");
      Object.assign(go, { type: "hidden", name: button.name, value: button.value });
      host.append(go);
    }
    host.submit();
  });
  function hear(told) {
    if (told && told.submitted) leaveForThanks();
    else if (told && told.item && apply(told)) say("elsewhere");
  }
  if (channel) channel.addEventListener("message", (event) => hear(event.data));
  else window.addEventListener("storage", (event) => hear(queue.read(event.key, event.newValue)));
  window.addEventListener("online", () => flush());
  window.addEventListener("offline", () => queue.size && say("waiting"));
  window.addEventListener("pagehide", sendOnLeaving);
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      hiddenAt = Date.now();
      sendOnLeaving();
    } else if (Date.now() - hiddenAt > 3000) lookUp();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    leaving = false;
    lookUp();
  });
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset.copy);
      source.select();
      if (navigator.clipboard) navigator.clipboard.writeText(source.value).catch(() => {});
      else document.execCommand("copy");
    });
  });

  questions.forEach((box) => {
    last = Math.max(last, known(box, "value"), known(box, "comment"));
    showBlank(box);
    // what was answered while this file was still on its way
    const early = radios(box).find((radio) => radio.checked && !radio.defaultChecked);
    if (early) give(box, "value", early.value === "" ? null : early.value === "x" ? "x" : Number(early.value));
    const text = box.querySelector("textarea");
    if (text && text.value !== text.defaultValue) give(box, "comment", text.value);
  });
  queue.entries().forEach(([, entry]) => apply(entry));
  if (queue.size) flush();
}
