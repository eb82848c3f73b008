/* What a phone in a room has said and is still saying: kept on the phone until the server has taken it.

   One entry of localStorage for each thing, so that tabs never overwrite one another:
     {kind, round, id, content, revision, state, message}
   kind     votes | reasons | ideas | commitments; `id` the item or the key of a text; content null: taken back
   state    waiting | saved | refused | late   (late: the round closed, or this phone may not say it) */
const DAY = 24 * 3600 * 1000;

export class Ballots {
  constructor(mark) {
    this.prefix = `room:${mark}:`;
    this.memory = new Map(); // where the browser keeps nothing
    try {
      localStorage.setItem("room", "1");
      localStorage.removeItem("room");
      this.store = localStorage;
    } catch (_) {
      this.store = null;
    }
    this.last = 0;
    this.all().forEach((entry) => {
      this.last = Math.max(this.last, entry.revision);
      if (entry.revision < Date.now() - 30 * DAY) this.forget(entry);
    });
  }

  key({ kind, round, id }) {
    return `${this.prefix}${kind}:${round}:${id}`;
  }

  write(key, text) {
    try {
      if (!this.store) throw new Error("no store");
      this.store.setItem(key, text);
      this.memory.delete(key);
    } catch (_) {
      this.memory.set(key, text); // full, or private browsing
    }
  }

  read(key) {
    const text = this.memory.get(key) || (this.store && this.store.getItem(key));
    try {
      return text ? JSON.parse(text) : null;
    } catch (_) {
      return null;
    }
  }

  all() {
    const keys = new Set(this.memory.keys());
    for (let i = 0; this.store && i < this.store.length; i += 1) keys.add(this.store.key(i));
    return [...keys]
      .filter((key) => key.indexOf(this.prefix) === 0 && key.indexOf(`${this.prefix}draft:`) !== 0)
      .map((key) => this.read(key))
      .filter((entry) => entry && entry.kind);
  }

  of(kind, round) {
    return this.all().filter((entry) => entry.kind === kind && entry.round === round);
  }

  /* Revisions order what was said, also by a phone whose clock is wrong: `now` is the server's. */
  next(now) {
    this.last = Math.max(Math.round(now), this.last + 1);
    return this.last;
  }

  put(entry) {
    this.write(this.key(entry), JSON.stringify({ state: "waiting", message: "", ...entry }));
  }

  /* What became of it; unless something newer was said in the meantime. */
  settle(entry, state, message = "") {
    const held = this.read(this.key(entry));
    if (!held || held.revision !== entry.revision) return;
    this.write(this.key(entry), JSON.stringify({ ...held, state, message }));
  }

  forget(entry) {
    const key = this.key(entry);
    this.memory.delete(key);
    if (this.store) this.store.removeItem(key);
  }

  waiting() {
    return this.all().filter((entry) => entry.state === "waiting");
  }

  /* What the server knows of this seat: newer things of another phone or tab replace what this one had. */
  learn(kind, round, id, content, revision) {
    const held = this.read(this.key({ kind, round, id }));
    this.last = Math.max(this.last, revision);
    if (held && (held.revision > revision || (held.revision === revision && held.state !== "waiting"))) return;
    this.write(
      this.key({ kind, round, id }),
      JSON.stringify({ kind, round, id, content, revision, state: "saved", message: "" }),
    );
  }

  /* ---- what is being typed, so that a reload loses nothing */
  keepDraft(round, fields) {
    this.write(`${this.prefix}draft:${round}`, JSON.stringify(fields));
  }

  draft(round) {
    return this.read(`${this.prefix}draft:${round}`) || {};
  }

  dropDraft(round) {
    const key = `${this.prefix}draft:${round}`;
    this.memory.delete(key);
    if (this.store) this.store.removeItem(key);
  }
}
