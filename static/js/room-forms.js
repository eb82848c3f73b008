/* The questions of a phone: what its forms hold, and their helpers (dots, order, guesses, links). Without this file the
   same forms work by their plain fields. */
const questionsOf = (form) => [...form.querySelectorAll("[data-question]")];
const field = (form, name) => form.elements.namedItem(name);
const valueOf = (form, name) => {
  const found = field(form, name);
  if (!found) return "";
  if ("length" in found && !found.tagName) return [...found].find((one) => one.checked)?.value ?? textOf(found);
  return found.type === "checkbox" && !found.checked ? "" : found.value;
};
const textOf = (list) => [...list].find((one) => !["radio", "checkbox"].includes(one.type))?.value ?? "";
const whole = (text) => (/^\s*[-−]?\d+\s*$/.test(text) ? Number(text.replace("−", "-")) : null);

export const textOfQuestion = (question) =>
  (question.querySelector("legend, label, .link-name")?.textContent ?? "").replace(/\s+/g, " ").trim();

/* {votes, reasons, problem}: what would be sent now; `problem` names why it cannot be and where. */
export function readVotes(form, kind) {
  const votes = [];
  const reasons = [];
  let problem = null;
  questionsOf(form).forEach((question) => {
    const item = question.dataset.question;
    const vote = kind === "links" ? readLink(form, item) : readPlain(form, item, kind);
    if (vote?.problem) problem = problem ?? { words: vote.problem, at: vote.at };
    else if (vote) votes.push({ item, ...vote });
    const reason = field(form, `reason-${item}`);
    if (reason && (reason.value.trim() || reason.dataset.had)) reasons.push({ item, text: reason.value });
  });
  if (!problem && !votes.length) {
    const many = questionsOf(form).length > 1;
    problem = { words: many ? "chooseAll" : "choose", at: form.querySelector("[data-question] input, [data-question] select") };
  }
  return { votes, reasons, problem };
}

function readPlain(form, item, kind) {
  if (kind === "bet") {
    const box = form.querySelector(`input[type=checkbox][name="value-${CSS.escape(item)}"]`);
    const input = form.querySelector(`input[type=number][name="value-${CSS.escape(item)}"]`);
    if (box?.checked) return { value: "cant-say" };
    if (!input.value.trim() && !input.validity.badInput) return null;
    const value = whole(input.value);
    if (value === null || value < Number(input.min) || value > Number(input.max)) return { problem: "number", at: input };
    return { value };
  }
  const text = valueOf(form, `value-${item}`);
  if (text === "") return kind === "dots" ? { value: 0 } : null;
  if (text === "cant-say") return { value: text };
  const sure = valueOf(form, `confidence-${item}`);
  return { value: Number(text), ...(sure ? { confidence: Number(sure) } : {}) };
}

function readLink(form, item) {
  const sign = valueOf(form, `sign-${item}`);
  if (sign === "") return null;
  if (sign === "cant-say") return { value: sign };
  if (sign === "0") return { value: 0 };
  const strength = valueOf(form, `strength-${item}`);
  if (!strength) return { problem: "strength", at: form.querySelector(`[name="strength-${CSS.escape(item)}"]`) };
  const delay = valueOf(form, `delay-${item}`);
  return { value: Number(sign) * Number(strength), ...(delay ? { delay: Number(delay) } : {}) };
}

/* The fields that hold an answer: {name: value}. */
export function snapshot(form) {
  const held = {};
  [...form.elements].forEach((one) => {
    if (!one.name || ["round", "csrfmiddlewaretoken"].includes(one.name) || one.tagName === "BUTTON") return;
    if (one.name.indexOf("new-") === 0) held["new-"] = one.value;
    else if (["radio", "checkbox"].includes(one.type)) {
      if (one.checked) held[one.name] = one.value;
    } else if (one.type !== "hidden" && !(one.name in held)) held[one.name] = one.value;
  });
  return held;
}

export function restore(form, held) {
  [...form.elements].forEach((one) => {
    const name = one.name && one.name.indexOf("new-") === 0 ? "new-" : one.name;
    if (!name || !(name in held) || one.type === "hidden") return;
    if (["radio", "checkbox"].includes(one.type)) one.checked = one.value === held[name];
    else if (held[name] !== "cant-say") one.value = held[name];
    if (one.tagName === "TEXTAREA" && one.value) one.closest("details")?.setAttribute("open", "");
  });
  settle(form);
}

/* Own votes into the fields: {item: {value, confidence, delay}}, {item: text}. */
export function fill(form, kind, votes, reasons) {
  const held = {};
  Object.keys(votes).forEach((item) => {
    const { value, confidence, delay } = votes[item];
    if (kind === "links") {
      held[`sign-${item}`] = value === "cant-say" ? value : String(Math.sign(value));
      if (value !== "cant-say" && value !== 0) held[`strength-${item}`] = String(Math.abs(value));
      if (delay !== null && delay !== undefined) held[`delay-${item}`] = String(delay);
    } else held[`value-${item}`] = String(value);
    if (confidence) held[`confidence-${item}`] = String(confidence);
  });
  Object.keys(reasons).forEach((item) => {
    held[`reason-${item}`] = reasons[item];
    const reason = field(form, `reason-${item}`);
    if (reason) reason.dataset.had = "1"; // emptied, it is taken back
  });
  restore(form, held);
}

/* ---- helpers of single kinds; `say` reads a short text aloud */
export function settle(form) {
  form.querySelectorAll("[data-less], [data-more], [data-up], [data-down], [data-range], [data-keep]").forEach((one) => {
    one.hidden = false;
  });
  if (form.querySelector("[data-dots]")) settleDots(form);
  if (form.querySelector("[data-ranking]")) settleOrder(form);
  form.querySelectorAll("[data-range]").forEach((range) => settleRange(range));
  form.querySelectorAll("[data-effect]").forEach((box) => settleLink(form, box));
}

const dotsLeft = (form) =>
  Number(form.querySelector("[data-dots]").dataset.dots) -
  questionsOf(form).reduce((sum, one) => sum + (Number(one.querySelector("input").value) || 0), 0);

function settleDots(form) {
  const most = Number(form.querySelector("[data-dots]").dataset.most);
  const left = dotsLeft(form);
  const shown = form.querySelector("[data-dots-left]");
  shown.textContent = String(left).replace("-", "−");
  shown.classList.toggle("too-many", left < 0);
  questionsOf(form).forEach((one) => {
    const value = Number(one.querySelector("input").value) || 0;
    one.querySelector("[data-less]").setAttribute("aria-disabled", String(value <= 0));
    one.querySelector("[data-more]").setAttribute("aria-disabled", String(value >= most || left <= 0));
  });
}

function settleOrder(form) {
  const list = form.querySelector("[data-ranking]");
  const focused = document.activeElement;
  const rows = questionsOf(form);
  const place = (row) => Number(row.querySelector("select").value);
  const sorted = [...rows].sort((a, b) => place(a) - place(b));
  if (sorted.some((row, i) => row !== rows[i])) list.append(...sorted);
  sorted.forEach((row, i) => {
    row.querySelector("select").value = String(i + 1);
    row.querySelector("[data-up]").setAttribute("aria-disabled", String(i === 0));
    row.querySelector("[data-down]").setAttribute("aria-disabled", String(i === sorted.length - 1));
  });
  if (focused && focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
}

function move(form, row, to, words, say) {
  const list = form.querySelector("[data-ranking]");
  const rows = questionsOf(form);
  const place = Math.max(0, Math.min(rows.length - 1, to));
  const others = rows.filter((one) => one !== row);
  others.splice(place, 0, row);
  others.forEach((one, i) => {
    one.querySelector("select").value = String(i + 1);
  });
  const focused = document.activeElement;
  list.append(...others);
  settleOrder(form);
  if (row.contains(focused)) focused.focus({ preventScroll: true });
  say(words.place.replace("{name}", textOfQuestion(row)).replace("{n}", place + 1).replace("{all}", rows.length));
}

function settleRange(range) {
  const input = range.closest("[data-question]").querySelector("input[type=number]");
  const value = whole(input.value);
  range.value = value === null ? String((Number(range.min) + Number(range.max)) / 2) : String(value);
  range.classList.toggle("unset", value === null);
}

function settleLink(form, box) {
  const item = box.closest("[data-question]").dataset.question;
  box.hidden = !["1", "-1"].includes(valueOf(form, `sign-${item}`));
}

export function onInput(form, target) {
  if (target.matches("[data-range]")) {
    const question = target.closest("[data-question]");
    question.querySelector("input[type=number]").value = target.value;
    target.classList.remove("unset");
    question.querySelectorAll("input[type=checkbox]").forEach((one) => (one.checked = false));
  } else if (target.type === "number" && form.querySelector("[data-range]")) {
    const question = target.closest("[data-question]");
    if (target.value) question.querySelectorAll("input[type=checkbox]").forEach((one) => (one.checked = false));
    settleRange(question.querySelector("[data-range]"));
  }
  if (form.querySelector("[data-dots]")) settleDots(form);
  const link = target.closest("[data-question]")?.querySelector("[data-effect]");
  if (link) settleLink(form, link);
}

export function onChange(form, target, words, say) {
  if (!target.matches("[data-ranking] select")) return;
  move(form, target.closest("[data-question]"), Number(target.value) - 1, words, say);
}

/* True if the button was one of these helpers. */
export function onClick(form, button, words, say) {
  const row = button.closest("[data-question]");
  if (button.matches("[data-up], [data-down]")) {
    if (button.getAttribute("aria-disabled") === "true") return true;
    move(form, row, questionsOf(form).indexOf(row) + (button.matches("[data-up]") ? -1 : 1), words, say);
    return true;
  }
  if (!button.matches("[data-less], [data-more]")) return false;
  if (button.getAttribute("aria-disabled") === "true") return true;
  const input = row.querySelector("input");
  input.value = String((Number(input.value) || 0) + (button.matches("[data-more]") ? 1 : -1));
  settleDots(form);
  const left = dotsLeft(form);
  say(left === 1 ? words.dotOne : words.dotsLeft.replace("{n}", left));
  return true;
}
