/* The list of a person's own ideas or commitments, and the form that adds to it and changes it. */
const newKey = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // where the page is not served securely
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const day = (iso) => {
  if (!iso) return "";
  const date = new Date(`${iso}T12:00:00`);
  const page = document.documentElement.lang || "en";
  return date.toLocaleDateString(page === "en" ? "en-GB" : page, { day: "numeric", month: "long", year: "numeric" });
};

export class Texts {
  /* `kind` ideas | commitments; `changed(key)` is called after something was written down in `ballots`. */
  constructor({ box, kind, place, ballots, words, now, changed }) {
    Object.assign(this, { box, kind, place, ballots, words, now, changed });
    this.form = box.querySelector(`[data-form="${kind}"]`);
    this.list = box.querySelector("[data-texts]");
    this.pattern = box.querySelector("[data-text-row]");
    this.editing = null;
    this.isOpen = Boolean(this.form);
    if (!this.list) return;
    this.list.addEventListener("click", (event) => this.onClick(event));
    if (this.form) {
      this.form.addEventListener("submit", (event) => this.onSubmit(event));
      this.form.querySelector("[data-stop-editing]").addEventListener("click", () => this.stopEditing(true));
    }
  }

  get entries() {
    return this.ballots
      .of(this.kind, this.place.round)
      .filter((one) => one.content !== null)
      .sort((a, b) => (a.born ?? 0) - (b.born ?? 0) || (a.id < b.id ? -1 : 1));
  }

  show() {
    if (!this.list) return;
    const entries = this.entries;
    const rows = entries.map((entry) => this.row(entry));
    const isSame = rows.length === this.list.children.length && rows.every((row, i) => row.isEqualNode(this.list.children[i]));
    if (!isSame) this.replaceRows(rows); // or a button would be gone while it is being pressed
    this.box.querySelector("[data-own]").hidden = entries.length === 0;
    if (!this.form) return;
    const most = Number(this.form.dataset.most) || Infinity;
    const left = most - entries.length;
    this.form.hidden = left <= 0 && !this.editing;
    const shown = this.form.querySelector("[data-left-words]");
    if (shown) shown.textContent = left === 1 ? this.words.leftOne : this.words.leftMany.replace("{n}", left);
  }

  replaceRows(rows) {
    const focused = document.activeElement;
    const at = this.list.contains(focused) ? [focused.closest("li")?.dataset.textKey, focused.dataset] : null;
    this.list.replaceChildren(...rows);
    if (at) this.focusRow(at[0], "edit" in at[1] ? "[data-edit]" : "[data-withdraw]");
  }

  row(entry) {
    const row = this.pattern.content.firstElementChild.cloneNode(true);
    row.dataset.textKey = entry.id;
    row.querySelector("[data-text-shown]").textContent = entry.content.text;
    const more = row.querySelector("[data-text-more]");
    if (more) more.textContent = [entry.content.owner, day(entry.content.due), this.score(entry.content.facet)].filter(Boolean).join(" · ");
    const problem = row.querySelector("[data-text-problem]");
    problem.hidden = !entry.message;
    problem.textContent = entry.message;
    if (!this.isOpen || entry.content.accepted || entry.state === "late") row.querySelector(".row").remove();
    row.querySelectorAll("button").forEach((button) => button.setAttribute("aria-label", `${button.textContent}: ${entry.content.text}`));
    return row;
  }

  score(code) {
    const choices = this.form?.elements.facet?.options ?? [];
    return (code && [...choices].find((one) => one.value === code)?.textContent) || "";
  }

  focusRow(key, which) {
    const row = [...this.list.children].find((one) => one.dataset.textKey === key);
    const to = row?.querySelector(which) ?? this.list.querySelector(which) ?? this.form?.querySelector("textarea");
    to?.focus({ preventScroll: true });
  }

  onClick(event) {
    const button = event.target.closest("button");
    const key = button?.closest("[data-text-key]")?.dataset.textKey;
    if (!key) return;
    if (button.matches("[data-withdraw]")) {
      event.preventDefault();
      if (this.editing === key) this.stopEditing(false);
      this.put(key, null);
      this.focusRow(key, "[data-withdraw]");
    } else if (button.matches("[data-edit]")) {
      this.edit(key);
      this.form.querySelector("textarea").focus();
    }
  }

  edit(key) {
    const entry = this.entries.find((one) => one.id === key);
    if (!entry) return;
    this.editing = key;
    this.fields().forEach((one) => {
      one.value = entry.content[one.dataset.new === undefined ? one.name : "text"] ?? "";
    });
    this.form.hidden = false;
    this.form.querySelector("[data-stop-editing]").hidden = false;
  }

  fields() {
    return [...this.form.elements].filter((one) => one.type !== "hidden" && one.name && one.tagName !== "BUTTON");
  }

  onSubmit(event) {
    event.preventDefault();
    const content = {};
    this.fields().forEach((one) => {
      content[one.dataset.new === undefined ? one.name : "text"] = one.value;
    });
    const missing = this.fields().find((one) => (one.required || one.dataset.new !== undefined) && !one.value.trim());
    const problem = this.form.querySelector("[data-problem]");
    problem.hidden = !missing;
    if (missing) {
      problem.textContent = this.words.write;
      missing.setAttribute("aria-invalid", "true");
      missing.focus();
      return;
    }
    const key = this.editing ?? newKey();
    const was = this.editing;
    this.stopEditing(false);
    this.put(key, { ...content, key });
    if (was) this.focusRow(key, "[data-edit]");
    else if (!this.form.hidden) this.form.querySelector("textarea").focus();
    else this.focusRow(key, "[data-edit]");
  }

  put(key, content) {
    const revision = this.ballots.next(this.now());
    const held = this.ballots.read(this.ballots.key({ kind: this.kind, round: this.place.round, id: key }));
    const label = content?.text ?? held?.content?.text ?? "";
    this.ballots.put({ kind: this.kind, ...this.place, id: key, content, revision, label, born: held?.born ?? revision });
    this.changed();
  }

  stopEditing(focus) {
    const was = this.editing;
    this.editing = null;
    this.fields().forEach((one) => {
      one.removeAttribute("aria-invalid");
      if (one.tagName === "SELECT") one.selectedIndex = Math.max(0, [...one.options].findIndex((o) => o.defaultSelected));
      else one.value = "";
    });
    this.form.querySelector("[data-stop-editing]").hidden = true;
    this.form.querySelector("[data-problem]").hidden = true;
    this.ballots.dropDraft(this.place.round);
    this.show();
    if (focus && was) this.focusRow(was, "[data-edit]");
  }
}
