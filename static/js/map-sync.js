/* Edits on their way to the server, and news from it. Each edit has a key of its own, so that one sent again counts once;
   it stays in this browser until the server has answered. */
import { madeBy, NEW, renamed } from "./map-state.js";

const POLL_MS = 5_000;
const CHECK_MS = 60_000;
const TIMEOUT_MS = 12_000;
const LONGEST_MS = 20_000;

export const newKey = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // where the page is not served securely
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

/* One entry of localStorage an edit, in the order in which they were made. */
class Store {
  constructor(name) {
    this.prefix = `map:${name}:`;
    this.count = 0;
  }

  name() {
    this.count += 1;
    return `${this.prefix}${String(Date.now()).padStart(14, "0")}:${String(this.count).padStart(5, "0")}`;
  }

  write(place, edit) {
    try {
      localStorage.setItem(place, JSON.stringify(edit));
    } catch {
      // full, or private browsing: then only this page holds it
    }
  }

  remove(place) {
    try {
      localStorage.removeItem(place);
    } catch {
      // as above
    }
  }

  all() {
    try {
      const places = Object.keys(localStorage).filter((one) => one.startsWith(this.prefix));
      return places.sort().map((place) => ({ place, edit: JSON.parse(localStorage.getItem(place)) }));
    } catch {
      return [];
    }
  }
}

export class Sync {
  /* onMap(map, made) with made [{from, to}] where the server named something new of ours; onRefused(edit, told) with
     told {message, gone, name}; onLine(state) with state saved | sending | lost | out. */
  constructor({ box, first, etag, onMap, onRefused, onLine }) {
    Object.assign(this, { box, onMap, onRefused, onLine, etag: etag ?? "" });
    this.base = first;
    this.store = new Store(`${box.dataset.address}:${box.dataset.person}`);
    this.queue = box.dataset.edits ? this.store.all() : [];
    this.own = new Set(this.queue.map((one) => one.edit.key));
    this.arrived = new Set(); // keys of edits that the server has, be they answered or not
    this.found(first);
    this.failed = 0;
    this.sending = false;
    this.stream = box.dataset.stream;
    this.reopened = 0;
    this.open();
    setInterval(() => this.streams() || this.ask(), POLL_MS);
    setInterval(() => this.ask(), CHECK_MS);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.back());
    window.addEventListener("online", () => this.back());
    window.addEventListener("offline", () => this.say("lost"));
    if (this.queue.length) this.send();
  }

  get waiting() {
    return this.queue.map((one) => one.edit).filter((one) => !this.arrived.has(one.key));
  }

  say(state) {
    this.onLine(state, this.queue.length);
  }

  add(edit) {
    const whole = { key: newKey(), ...edit };
    const place = this.store.name();
    this.own.add(whole.key);
    this.queue.push({ place, edit: whole });
    this.store.write(place, whole);
    this.send();
    return whole;
  }

  /* The newest edit that has not left yet is simply not made: that edit, or null where there is none. */
  takeBack() {
    if (this.queue.length < (this.sending ? 2 : 1) || this.arrived.has(this.queue[this.queue.length - 1].edit.key)) return null;
    const { place, edit } = this.queue.pop();
    this.store.remove(place);
    return edit;
  }

  back() {
    this.failed = 0;
    clearTimeout(this.retry);
    if (this.queue.length) this.send();
    this.ask();
    if (!this.streams()) this.open();
  }

  // ---- to the server

  async send() {
    if (this.sending || !this.queue.length) return;
    this.sending = true;
    clearTimeout(this.retry);
    this.say("sending");
    const { place, edit } = this.queue[0];
    let told = null;
    try {
      told = await this.post(edit);
    } catch {
      this.sending = false;
      this.failed += 1;
      this.say("lost");
      this.retry = setTimeout(() => this.send(), Math.min(1000 * 2 ** (this.failed - 1), LONGEST_MS));
      return;
    }
    this.sending = false;
    if (!told) return; // logged out: kept until somebody is back
    this.failed = 0;
    this.queue.shift();
    this.store.remove(place);
    if (told.map) this.take(told.map, told.ok ? edit : null);
    if (!told.ok) this.onRefused(edit, told);
    if (this.queue.length) this.send();
    else this.say(told.ok ? "saved" : "refused");
  }

  async post(edit) {
    const response = await this.fetch(this.box.dataset.edits, {
      method: "POST",
      body: JSON.stringify(edit),
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.box.dataset.csrf },
    });
    if (this.isOut(response)) {
      this.say("out");
      return null;
    }
    if (![200, 400, 409, 422].includes(response.status)) throw new Error(String(response.status));
    return { ...(await response.json()), ok: response.status === 200 };
  }

  isOut(response) {
    return response.type === "opaqueredirect" || [403, 404].includes(response.status);
  }

  async fetch(address, options) {
    const stopper = new AbortController();
    const timer = setTimeout(() => stopper.abort(), TIMEOUT_MS);
    try {
      return await fetch(address, {
        credentials: "same-origin",
        cache: "no-store",
        redirect: "manual",
        signal: stopper.signal,
        ...options,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /* The answer to `edit`, or news. News may overtake the answer and hold the edit already: it is not drawn twice then. */
  take(map, edit) {
    const isNews = map.revision >= this.base.revision;
    if (isNews) this.base = map;
    const made = [edit && this.named(edit, map), ...this.found(map)].filter(Boolean);
    if (isNews || made.length) this.onMap(map, made);
  }

  /* Of the edits that wait for an answer, those that the map holds already. */
  found(map) {
    const keys = new Set(map.edits.filter((one) => one.revision <= map.revision).map((one) => one.key));
    return this.queue.map((one) => (keys.has(one.edit.key) ? this.named(one.edit, map) : null));
  }

  /* What the server calls what the edit made, told once; edits that wait speak of it by that name from now on. */
  named(edit, map) {
    if (this.arrived.has(edit.key)) return null;
    this.arrived.add(edit.key);
    const to = madeBy(edit, map);
    if (to === null) return null;
    const from = NEW + edit.key;
    for (const one of this.queue) {
      one.edit = renamed(one.edit, from, to);
      this.store.write(one.place, one.edit);
    }
    return { from, to };
  }

  // ---- from the server

  streams() {
    return this.source?.readyState === EventSource.OPEN;
  }

  open() {
    this.source?.close();
    const source = new EventSource(this.stream);
    this.source = source;
    source.onopen = () => (this.reopened = 0);
    source.onmessage = (event) => JSON.parse(event.data).version > this.base.revision && this.ask();
    source.onerror = () => {
      if (source !== this.source || source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      this.reopened += 1;
      setTimeout(() => source === this.source && this.open(), Math.min(1000 * 2 ** this.reopened, LONGEST_MS));
    };
  }

  async ask() {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    do {
      this.again = false;
      try {
        const response = await this.fetch(`${this.box.dataset.address}?part=json`, {
          headers: this.etag ? { "If-None-Match": this.etag } : {},
        });
        if (response.status === 200) {
          this.etag = response.headers.get("ETag") ?? "";
          this.stream = response.headers.get("X-Stream") ?? this.stream;
          this.take(await response.json(), null);
        } else if (this.isOut(response)) this.say("out");
        if (this.lost && !this.queue.length) this.say("back");
        this.lost = false;
      } catch {
        this.lost = true;
        this.say("lost");
      }
    } while (this.again);
    this.asking = false;
  }
}
