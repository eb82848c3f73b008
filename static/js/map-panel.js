/* Beside the drawing: what is chosen, and the fields to change it. What somebody has typed is theirs until it is saved. */
import { filled } from "./map-drawing.js";

const FIRST = ["fieldset:first-of-type input:checked", "input, select", ".map-links button", "button"];

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}

export class Panel {
  /* `acts` are the editor's: edit(kind, fields), choose(choice), startLink(key), remove…; `map()` is the map as seen. */
  constructor({ box, words, mayEdit, map, acts, fields }) {
    Object.assign(this, { box, words, mayEdit, map, acts, fields });
    this.choice = null; // {kind: factor | link | new | join | start, …}
    this.typed = false;
    box.addEventListener("input", () => (this.typed = true));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.acts.choose(null, { back: true });
    });
  }

  button(text, act, kind = "second") {
    return make("button", { type: "button", class: `button ${kind} compact`, onclick: act }, text);
  }

  /* Show a choice anew; `focus` moves into its first field. */
  show(choice, { focus = false } = {}) {
    this.choice = choice;
    this.typed = false;
    this.asking = false;
    this.shown = this.fingerprint();
    this.wasDrawn = choice?.kind === "link" && Boolean(this.link());
    const parts = {
      factor: () => this.factorParts(),
      new: () => this.newParts(),
      link: () => this.linkParts(),
      join: () => this.joinParts(),
    }[choice?.kind];
    this.box.replaceChildren(...(parts ? parts() : this.startParts()));
    this.box.classList.toggle("is-open", Boolean(choice));
    if (focus) FIRST.map((one) => this.box.querySelector(one)).find(Boolean)?.focus();
  }

  /* The map has changed: what is typed stays, the rest follows. */
  refresh() {
    const now = this.fingerprint();
    if (now === this.shown) return;
    const { choice } = this;
    const ends = { join: [choice?.key], link: [choice?.source, choice?.target] }[choice?.kind] ?? [];
    if (ends.some((key) => !this.factor(key))) {
      this.acts.choose(null); // there is no link without a factor at each end
      return;
    }
    const gone = (choice?.kind === "factor" && !this.factor()) || (choice?.kind === "link" && this.wasDrawn && !this.link());
    if (gone && this.typed) {
      this.offerBack();
      return;
    }
    if (gone) {
      this.acts.choose(null);
      return;
    }
    if (this.typed || this.asking || ["new", "join"].includes(choice?.kind)) return;
    const at = [...this.box.querySelectorAll("button, input, select, textarea")].indexOf(document.activeElement);
    this.show(choice);
    if (at >= 0) this.box.querySelectorAll("button, input, select, textarea")[at]?.focus();
  }

  fingerprint() {
    const { choice } = this;
    if (choice?.kind === "factor") return JSON.stringify([this.factor(), this.linksOf(choice.key), this.names()]);
    if (choice?.kind === "link") return JSON.stringify([this.link(), this.names()]);
    return JSON.stringify(this.map().factors.map((one) => [one.key, one.name]));
  }

  names() {
    return this.map().factors.map((one) => one.name);
  }

  factor(key = this.choice.key) {
    return this.map().factors.find((one) => one.key === key);
  }

  link() {
    return this.map().links.find((one) => one.source === this.choice.source && one.target === this.choice.target);
  }

  linksOf(key) {
    return this.map().links.filter((one) => one.source === key || one.target === key);
  }

  head(title) {
    const close = make("button", { type: "button", class: "icon-button", "aria-label": this.words.close, onclick: () => this.acts.choose(null, { back: true }) });
    close.append(document.getElementById("map-close").content.cloneNode(true));
    return make("div", { class: "map-panel-head" }, make("h2", { class: "as-h3", dir: "auto" }, title), close);
  }

  problem(text) {
    this.box.querySelector(".map-problem")?.remove();
    if (!text) return;
    const told = make("p", { class: "map-problem error-text", role: "alert" }, text);
    (this.box.querySelector("form") ?? this.box).prepend(told);
  }

  // ---- nothing chosen

  startParts() {
    const { words } = this;
    const factors = [...this.map().factors].sort((one, other) => one.name.localeCompare(other.name));
    if (!factors.length) return [];
    const select = make("select", { class: "input", id: "panel-find" }, make("option", { value: "" }, words.choose));
    for (const one of factors) select.append(make("option", { value: one.key }, one.name));
    const show = () => select.value && this.acts.choose({ kind: "factor", key: select.value }, { reveal: true });
    return [
      make("h2", { class: "as-h3" }, words.start_title),
      make("p", { class: "small soft" }, words.start_text),
      this.form(show, words.show, make("div", { class: "field" }, make("label", { for: "panel-find" }, words.find), select)),
    ];
  }

  // ---- a factor

  form(submit, text, ...children) {
    const kind = ["start", "join"].includes(this.choice?.kind ?? "start") ? "button second compact" : "button compact";
    const form = make("form", { class: "stack gap-3", novalidate: true }, ...children);
    form.append(make("div", { class: "row gap-2" }, make("button", { class: kind }, text)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(form);
    });
    return form;
  }

  factorFields(values) {
    const part = this.fields.content.cloneNode(true);
    for (const name of ["name", "facet", "indicator"]) {
      const field = part.querySelector(`[name=${name}]`);
      const value = values[name] ?? "";
      if (field.localName === "select" && value && ![...field.options].some((one) => one.value === value)) field.append(make("option", { value }, value));
      field.value = value;
    }
    return part;
  }

  /* One of facet and indicator: choosing one lets go of the other. */
  onlyOne(form) {
    const { facet, indicator } = form.elements;
    facet.addEventListener("change", () => facet.value && (indicator.value = ""));
    indicator.addEventListener("change", () => indicator.value && (facet.value = ""));
    return form;
  }

  read(form, key = null) {
    const { name, facet, indicator } = form.elements;
    const values = { name: name.value.trim().replace(/\s+/g, " "), facet: facet.value, indicator: indicator.value };
    const same = (one) => one.key !== key && one.name.toLocaleLowerCase() === values.name.toLocaleLowerCase();
    const text = !values.name ? this.words.needs_name : this.map().factors.some(same) ? filled(this.words.taken, values) : "";
    this.problem(text);
    if (text) name.focus();
    return text ? null : values;
  }

  newParts() {
    const { x, y } = this.choice;
    const form = this.form(
      (sent) => {
        const values = this.read(sent);
        if (values) this.acts.add({ ...values, x, y });
      },
      this.words.add,
      this.factorFields(this.choice.typed ?? {}),
    );
    form.lastElementChild.append(this.button(this.words.cancel, () => this.acts.choose(null, { back: true }), "plain"));
    return [this.head(this.words.new_factor), this.onlyOne(form)];
  }

  factorParts() {
    const { words, choice } = this;
    const one = this.factor();
    const parts = [this.head(one.name)];
    if (this.mayEdit) {
      const before = { name: one.name, facet: one.facet, indicator: one.indicator };
      this.before = before;
      const form = this.form(
        (sent) => {
          const values = this.read(sent, choice.key);
          if (!values) return;
          this.typed = false;
          this.acts.edit("change-factor", { factor: choice.key, ...values, seen: this.before });
        },
        words.save,
        this.factorFields(choice.typed ?? one),
      );
      if (choice.typed) this.typed = true;
      form.lastElementChild.append(this.button(words.link_from, () => this.acts.startLink(choice.key)));
      parts.push(this.onlyOne(form));
    } else parts.push(make("p", { class: "small soft" }, one.tie ? filled(words.tied, one) : words.free));
    parts.push(this.linkList());
    if (this.mayEdit) {
      parts.push(make("div", { class: "map-danger" }, this.button(words.remove_factor, () => this.askToRemove(), "danger")));
    }
    return parts;
  }

  linkList() {
    const { words, choice } = this;
    const links = this.linksOf(choice.key);
    const list = make("ul", { class: "map-links" });
    for (const link of links) {
      const open = () => this.acts.choose({ kind: "link", source: link.source, target: link.target }, { focus: true });
      list.append(make("li", {}, make("button", { type: "button", class: "button plain flush", onclick: open }, this.sentence(link))));
    }
    return make("div", {}, make("h3", { class: "small strong" }, words.links), links.length ? list : make("p", { class: "small soft" }, words.no_links));
  }

  sentence(link) {
    const told = link.ambiguous ? this.words.mixed : link.sign < 0 ? this.words.lowers : this.words.raises;
    const name = (key) => this.factor(key)?.name ?? "";
    const text = filled(told, { source: name(link.source), target: name(link.target) });
    return link.delay ? `${text}, ${this.words.later}` : text;
  }

  askToRemove() {
    const { words, choice } = this;
    const link = choice.kind === "link";
    this.asking = true;
    const text = link ? words.remove_link_ask : filled(words.remove_factor_ask, { name: this.factor()?.name ?? "" });
    const yes = this.button(link ? words.remove_link : words.remove_factor, () => this.acts.remove(choice), "danger");
    const no = this.button(words.keep, () => this.show(choice, { focus: true }));
    const place = this.box.querySelector(".map-danger");
    place.replaceChildren(make("p", { class: "small", role: "alert" }, text), make("div", { class: "row gap-2" }, yes, no));
    yes.focus();
  }

  // ---- links

  joinParts() {
    const { words, choice } = this;
    const from = this.factor(choice.key);
    const others = this.map().factors.filter((one) => one.key !== choice.key).sort((one, other) => one.name.localeCompare(other.name));
    const select = make("select", { class: "input", id: "panel-to" }, make("option", { value: "" }, words.choose));
    for (const one of others) select.append(make("option", { value: one.key }, one.name));
    const join = () => select.value && this.acts.choose({ kind: "link", source: choice.key, target: select.value }, { focus: true });
    return [
      this.head(filled(words.link_to_title, from)),
      make("p", { class: "small soft", id: "panel-join-hint" }, words.link_to_text),
      this.form(join, words.next, make("div", { class: "field" }, make("label", { for: "panel-to" }, words.to), select)),
    ];
  }

  radios(name, legend, options, value, form) {
    const set = make("fieldset", { class: "field map-choices" }, make("legend", {}, legend));
    for (const [key, text] of options) {
      const input = make("input", { type: "radio", name: `${name}-${form}`, value: key, checked: key === value });
      set.append(make("label", {}, input, make("span", {}, text)));
    }
    return set;
  }

  weights(drawn, form) {
    const { words, choice } = this;
    const names = { source: this.factor(choice.source)?.name ?? "", target: this.factor(choice.target)?.name ?? "" };
    const signs = [[1, filled(words.sign_up, names)], [-1, filled(words.sign_down, names)]];
    return [
      this.radios("sign", filled(words.sign, names), signs, drawn.sign, form),
      this.radios("strength", words.strength, words.strengths, drawn.strength, form),
      this.radios("delay", words.delay, words.delays, drawn.delay, form),
    ];
  }

  readWeights(form, name) {
    const value = (field) => form.elements[`${field}-${name}`].value;
    const sign = Number(value("sign"));
    this.problem(sign ? "" : this.words.needs_sign);
    if (!sign) {
      form.querySelector("input").focus();
      return null;
    }
    return { sign, strength: Number(value("strength")), delay: Number(value("delay")) };
  }

  linkParts() {
    const { words, choice } = this;
    const names = { source: this.factor(choice.source)?.name ?? "", target: this.factor(choice.target)?.name ?? "" };
    const link = this.link();
    const parts = [this.head(filled(words.new_link, names))];
    if (link) parts.push(...this.facts(link));
    if (!this.mayEdit) return parts;
    const drawn = link?.drawn ?? [];
    const ends = { source: choice.source, target: choice.target };
    drawn.forEach((one, i) => {
      const form = this.form(
        (sent) => {
          const values = this.readWeights(sent, i);
          if (!values) return;
          this.typed = false;
          this.acts.edit("change-link", { link: one.id, ...values });
        },
        words.save,
        ...this.weights(one, i),
      );
      form.dataset.drawn = one.id;
      const danger = make("div", { class: "map-danger" }, this.button(words.remove_link, () => {
        this.choice = { ...this.choice, id: one.id };
        for (const other of this.box.querySelectorAll(".map-danger")) other.classList.toggle("map-danger", other === danger);
        this.askToRemove();
      }, "danger"));
      parts.push(form, danger);
    });
    const draw = (values) => {
      this.typed = false;
      this.acts.edit("draw-link", { ...ends, ...values });
    };
    if (!drawn.length) {
      const form = this.form((sent) => {
        const values = this.readWeights(sent, "new");
        if (values) draw(values);
      }, words.draw, ...this.weights({ sign: 0, strength: 2, delay: 0, ...choice.typed }, "new"));
      form.lastElementChild.append(this.button(words.cancel, () => this.acts.choose({ kind: "factor", key: choice.source }, { back: true }), "plain"));
      parts.push(form);
    } else if (drawn.length === 1) {
      parts.push(this.button(words.other_opinion, () => draw({ sign: -drawn[0].sign, strength: drawn[0].strength, delay: drawn[0].delay }), "plain"));
    }
    return parts;
  }

  facts(link) {
    const { words } = this;
    const agreement = link.agreement === null ? "" : Math.round(link.agreement * 100);
    const texts = [
      link.voted !== null && filled(words.voted, { n: link.voted, agreement }),
      link.withheld && words.withheld,
      link.ambiguous && words.ambiguous,
      !link.held && !link.ambiguous && link.voted !== null && words.not_held,
      !this.mayEdit && this.sentence(link),
    ];
    return texts.filter(Boolean).map((text) => make("p", { class: "small soft" }, text));
  }

  // ---- somebody else took it away meanwhile

  offerBack(message = "") {
    const { words, choice } = this;
    const form = this.box.querySelector("form");
    if (!form || this.box.querySelector(".map-gone")) return;
    const isFactor = choice.kind === "factor";
    const name = this.before?.name ?? "";
    const text = message || (isFactor ? filled(words.gone_factor, { name }) : words.gone_link);
    const again = () => {
      if (isFactor) {
        const values = this.read(form, choice.key);
        if (values) this.acts.bringBack(name, values, this.acts.placeOf(choice.key));
        return;
      }
      const field = form.querySelector("input").name.split("-").pop();
      const values = this.readWeights(form, field);
      this.typed = false;
      if (values) this.acts.edit("draw-link", { source: choice.source, target: choice.target, ...values });
    };
    const buttons = make("div", { class: "row gap-2" },
      make("button", { type: "button", class: "button compact", onclick: again }, isFactor ? words.bring_back : words.draw_again),
      this.button(words.cancel, () => this.acts.choose(null, { back: true }), "plain"));
    form.prepend(make("div", { class: "banner warn map-gone", role: "alert" }, make("div", { class: "stack gap-2" }, make("p", {}, text), buttons)));
    form.lastElementChild.hidden = true;
    this.box.querySelector(".map-danger")?.remove();
  }
}
