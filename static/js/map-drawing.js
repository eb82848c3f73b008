/* The map as SVG: boxes and links that stay the same elements while they move, so that focus and drags survive news. */
import { bendOf, boxOf, linkShape, placed } from "./map-geometry.js";

const SVG = "http://www.w3.org/2000/svg";
const CLOSEST = 0.1;
const WIDEST = 3;
const MARGIN = 24;

function make(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export class Drawing {
  constructor({ svg, words, mayEdit }) {
    Object.assign(this, { svg, words, mayEdit });
    this.world = svg.appendChild(make("g"));
    this.linkLayer = this.world.appendChild(make("g", { "aria-hidden": "true" }));
    this.factorLayer = this.world.appendChild(make("g"));
    this.ghost = this.world.appendChild(make("path", { class: "map-ghost", d: "" }));
    this.factors = new Map(); // key → {data, box, x, y, element}
    this.links = new Map(); // "source>target" → {data, element, bend}
    this.camera = { k: 1, x: 0, y: 0 };
  }

  // ---- what is seen of it

  get size() {
    const { width, height } = this.svg.getBoundingClientRect();
    return { width: width || 300, height: height || 300 };
  }

  look(camera) {
    this.camera = { ...camera, k: Math.min(WIDEST, Math.max(CLOSEST, camera.k)) };
    const { k, x, y } = this.camera;
    this.world.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${k.toFixed(4)})`);
  }

  /* The whole map; with `least` no smaller than that, so that a phone begins with what can be read. */
  fit(least = CLOSEST) {
    const all = [...this.factors.values()];
    const { width, height } = this.size;
    if (!all.length) return this.look({ k: 1, x: 0, y: 0 });
    const left = Math.min(...all.map((one) => one.x - one.box.w / 2)) - MARGIN;
    const right = Math.max(...all.map((one) => one.x + one.box.w / 2)) + MARGIN;
    const top = Math.min(...all.map((one) => one.y - one.box.h / 2)) - MARGIN;
    const bottom = Math.max(...all.map((one) => one.y + one.box.h / 2)) + MARGIN;
    const k = Math.max(least, Math.min(1, width / (right - left), height / (bottom - top)));
    return this.look({ k, x: width / 2 - (k * (left + right)) / 2, y: height / 2 - (k * (top + bottom)) / 2 });
  }

  zoom(factor, clientX = null, clientY = null) {
    const box = this.svg.getBoundingClientRect();
    const x = clientX === null ? box.width / 2 : clientX - box.left;
    const y = clientY === null ? box.height / 2 : clientY - box.top;
    const k = Math.min(WIDEST, Math.max(CLOSEST, this.camera.k * factor));
    const by = k / this.camera.k;
    this.look({ k, x: x - (x - this.camera.x) * by, y: y - (y - this.camera.y) * by });
  }

  pan(dx, dy) {
    if (!dx && !dy) return;
    this.look({ ...this.camera, x: this.camera.x + dx, y: this.camera.y + dy });
  }

  /* A place of the window in units of the drawing. */
  at(clientX, clientY) {
    const box = this.svg.getBoundingClientRect();
    const { k, x, y } = this.camera;
    return [(clientX - box.left - x) / k, (clientY - box.top - y) / k];
  }

  /* Free ground near the middle of what is seen. */
  freePlace() {
    const box = this.svg.getBoundingClientRect();
    const [x, y] = this.at(box.left + box.width / 2, box.top + box.height / 2);
    for (let turn = 0; turn < 400; turn += 1) {
      const far = 14 * Math.sqrt(turn);
      const spot = [x + far * Math.cos(turn * 2.4), y + far * Math.sin(turn * 2.4)];
      const taken = [...this.factors.values()].some(
        (one) => Math.abs(one.x - spot[0]) < one.box.w / 2 + 90 && Math.abs(one.y - spot[1]) < one.box.h / 2 + 36,
      );
      if (!taken) return spot.map(Math.round);
    }
    return [Math.round(x), Math.round(y)];
  }

  /* Bring a factor into sight, if it is not. */
  reveal(key) {
    const one = this.factors.get(key);
    if (!one) return;
    const { k, x, y } = this.camera;
    const { width, height } = this.size;
    const [px, py] = [one.x * k + x, one.y * k + y];
    const [hw, hh] = [(one.box.w / 2) * k + 8, (one.box.h / 2) * k + 8];
    if (px - hw < 0 || px + hw > width || py - hh < 0 || py + hh > height) this.pan(width / 2 - px, height / 2 - py);
  }

  // ---- the map

  render(map, { chosen = null, linking = null, held = null } = {}) {
    const seen = new Set();
    for (const data of placed(map.factors)) {
      seen.add(data.key);
      const known = this.factors.get(data.key);
      const [x, y] = held?.has(data.key) && known ? [known.x, known.y] : [data.x, data.y];
      const sign = JSON.stringify([data.name, data.mark, data.score, data.tie]);
      let one = known;
      if (!one || one.sign !== sign) {
        const box = boxOf(data);
        one = { data, box, sign, element: this.fillFactor(known?.element ?? this.newFactor(data.key), data, box) };
        this.factors.set(data.key, one);
      }
      one.data = data;
      this.put(one, x, y);
      one.element.classList.toggle("is-chosen", chosen === data.key);
      one.element.classList.toggle("is-source", linking === data.key);
    }
    for (const [key, one] of this.factors) {
      if (seen.has(key)) continue;
      one.element.remove();
      this.factors.delete(key);
    }
    this.drawLinks(map, chosen);
  }

  newFactor(key) {
    const element = make("g", { class: "map-factor", tabindex: "0", role: "button" });
    element.dataset.key = key;
    return this.factorLayer.appendChild(element);
  }

  fillFactor(element, data, box) {
    const score = data.score === null ? "" : String(Math.round(data.score));
    const parts = [make("rect", { class: "factor", x: -box.w / 2, y: -box.h / 2, width: box.w, height: box.h, rx: 8 })];
    const glyph = data.mark && document.getElementById(`glyph-${data.mark}`)?.content.firstElementChild?.cloneNode(true);
    if (glyph) {
      glyph.setAttribute("x", -box.w / 2 + 10);
      glyph.setAttribute("y", -7);
      parts.push(glyph);
    }
    box.lines.forEach((line, i) => {
      const y = 5 + box.line * (i - (box.lines.length - 1) / 2);
      const free = !data.mark && !score;
      const text = make("text", { x: free ? 0 : -box.w / 2 + box.before, y, "text-anchor": free ? "middle" : "start" });
      if (data.mark) text.setAttribute("class", "t-b");
      text.textContent = line;
      parts.push(text);
    });
    if (score) {
      const text = make("text", { class: "t-2", x: box.w / 2 - 10, y: 5, "text-anchor": "end" });
      text.textContent = score;
      parts.push(text);
    }
    if (this.mayEdit) {
      const handle = make("g", { class: "map-handle", transform: `translate(${box.w / 2 + 5} 0)` });
      handle.append(make("circle", { class: "reach", r: 18 }), make("circle", { class: "knob", r: 7 }));
      parts.push(handle);
    }
    element.replaceChildren(...parts);
    const words = score ? this.words.scored : data.tie ? this.words.tied_label : "{name}";
    element.setAttribute("aria-label", filled(words, { name: data.name, tie: data.tie, score }));
    return element;
  }

  put(one, x, y) {
    if (one.x === x && one.y === y) return;
    [one.x, one.y] = [x, y];
    one.element.setAttribute("transform", `translate(${x} ${y})`);
  }

  /* A factor under a finger or an arrow key: its own links follow, the others stay as they are. */
  shift(key, x, y) {
    const one = this.factors.get(key);
    if (!one) return;
    this.put(one, x, y);
    for (const link of this.links.values()) {
      if (link.data.source !== key && link.data.target !== key) continue;
      link.lies = ""; // how it bends is found again when all is drawn
      this.place(link);
    }
  }

  rekey(from, to) {
    const one = this.factors.get(from);
    if (!one) return;
    one.element.dataset.key = to;
    this.factors.delete(from);
    this.factors.set(to, one);
  }

  // ---- links

  drawLinks(map, chosen) {
    const seen = new Set();
    const boxes = [...this.factors.values()];
    const pairs = new Set(map.links.map((one) => `${one.source}>${one.target}`));
    for (const data of map.links) {
      const [source, target] = [this.factors.get(data.source), this.factors.get(data.target)];
      if (!source || !target) continue;
      const pair = `${data.source}>${data.target}`;
      seen.add(pair);
      const link = this.links.get(pair) ?? { element: this.newLink(pair), lies: "" };
      this.links.set(pair, link);
      link.data = data;
      const isPair = pairs.has(`${data.target}>${data.source}`);
      const lies = [source.x, source.y, source.sign, target.x, target.y, target.sign, isPair, boxes.length].join();
      if (link.lies !== lies) {
        link.lies = lies;
        link.bend = bendOf(source, target, boxes, isPair);
        this.place(link);
      }
      this.dress(link, chosen);
    }
    for (const [pair, link] of this.links) {
      if (seen.has(pair)) continue;
      link.element.remove();
      this.links.delete(pair);
    }
  }

  newLink(pair) {
    const element = make("g", { class: "map-link" });
    element.dataset.pair = pair;
    element.append(
      make("path", { class: "reach" }),
      make("path", { class: "edge" }),
      make("path", { class: "head", d: "M0 0-9 4.2-9-4.2Z" }),
      make("path", { class: "delay" }),
      make("g", { class: "map-sign" }, make("circle", { class: "sign", r: 7.5 }), make("path", { class: "sign-mark" })),
    );
    return this.linkLayer.appendChild(element);
  }

  dress(link, chosen) {
    const { element, data } = link;
    element.classList.toggle("is-chosen", chosen === element.dataset.pair);
    const looks = [data.ambiguous, data.sign, data.effect, data.delay, data.held].join();
    if (link.looks === looks) return;
    link.looks = looks;
    const [, edge, head, delay, sign] = element.children;
    const kind = data.ambiguous ? "both" : data.sign < 0 ? "down" : "up";
    const weight = Math.max(1, Math.round(Math.abs(data.effect) * 3));
    edge.setAttribute("class", `edge ${kind} w${data.ambiguous ? 2 : weight}`);
    head.setAttribute("class", `head ${kind}`);
    delay.setAttribute("d", ["", "M0-7V7", "M-3-7V7M3-7V7"][data.delay] ?? "");
    sign.children[0].setAttribute("class", `sign ${kind}`);
    sign.children[1].setAttribute("class", `sign-mark ${kind}`);
    sign.children[1].setAttribute("d", { up: "M-3.4 0h6.8M0-3.4v6.8", down: "M-3.4 0h6.8", both: "M-3-1.6h6M0-4.6v6M-3 3.6h6" }[kind]);
    element.classList.toggle("is-faint", !data.held && !data.ambiguous);
  }

  place({ element, data, bend }) {
    const [source, target] = [this.factors.get(data.source), this.factors.get(data.target)];
    const shape = linkShape(source, target, bend);
    const [reach, edge, head, delay, sign] = element.children;
    reach.setAttribute("d", shape.line);
    edge.setAttribute("d", shape.line);
    head.setAttribute("transform", shape.head);
    delay.setAttribute("transform", shape.delay);
    sign.setAttribute("transform", shape.sign);
  }

  drawGhost(key, to) {
    const from = this.factors.get(key);
    this.ghost.setAttribute("d", from && to ? `M${from.x} ${from.y}L${to[0]} ${to[1]}` : "");
  }
}
