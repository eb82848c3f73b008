// Answers that the server has not confirmed: one entry of localStorage each, so that tabs never overwrite one another.
const DAY = 24 * 3600 * 1000;

export class Queue {
  constructor(token) {
    this.prefix = `fill-in:${token}:`;
    this.memory = new Map(); // where the browser keeps nothing
    try {
      localStorage.setItem("fill-in", "1");
      localStorage.removeItem("fill-in");
      this.store = localStorage;
    } catch (_) {
      this.store = null;
    }
    this.forgetOld();
  }

  put(entry) {
    const key = `${this.prefix}${entry.item}:${"value" in entry ? "value" : "comment"}`;
    const text = JSON.stringify(entry);
    try {
      if (!this.store) throw new Error("no store");
      this.store.setItem(key, text);
      this.memory.delete(key);
    } catch (_) {
      this.memory.set(key, text); // full, or private browsing
    }
  }

  read(key, text) {
    if (!key || key.indexOf(this.prefix) !== 0 || !text) return null;
    try {
      return JSON.parse(text);
    } catch (_) {
      return null;
    }
  }

  entries() {
    const found = new Map(this.memory);
    if (this.store) {
      for (let i = 0; i < this.store.length; i += 1) {
        const key = this.store.key(i);
        if (key && key.indexOf(this.prefix) === 0) found.set(key, this.store.getItem(key));
      }
    }
    return [...found].map(([key, text]) => [key, this.read(key, text)]).filter(([, entry]) => entry);
  }

  // Gone only if nothing newer was said in the meantime.
  confirm(key, revision) {
    const held = this.memory.get(key) || (this.store && this.store.getItem(key));
    const entry = this.read(key, held);
    if (entry && entry.revision > revision) return;
    this.memory.delete(key);
    if (this.store) this.store.removeItem(key);
  }

  get size() {
    return this.entries().length;
  }

  clear() {
    this.entries().forEach(([key]) => this.confirm(key, Infinity));
  }

  forgetOld() {
    this.entries().forEach(([key, entry]) => {
      if (entry.revision < Date.now() - 90 * DAY) this.confirm(key, Infinity);
    });
  }
}
