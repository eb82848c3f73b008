/* Sends what waits: again and again with growing pauses, at once when the network is back. `onState(state)` is told
   sending | saved | waiting | slow | stopped, `onSettled(entries, at)` what has been taken or refused, with what `stamp()`
   said when it was sent. */
export class Sender {
  constructor(ballots, { csrf, stamp, onState, onSettled }) {
    Object.assign(this, { ballots, csrf, stamp, onState, onSettled });
    this.failures = 0;
    this.timer = 0;
    this.running = null;
    this.stopped = false;
    window.addEventListener("online", () => this.wake());
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? this.leave() : this.wake()));
  }

  wake() {
    this.failures = 0;
    this.flush();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  resume() {
    if (!this.stopped) return;
    this.stopped = false;
    this.wake();
  }

  flush() {
    clearTimeout(this.timer);
    if (this.stopped || this.running || !this.ballots.waiting().length) return this.running ?? Promise.resolve();
    const slow = setTimeout(() => this.onState("sending"), 800);
    this.running = this.sendAll()
      .catch(() => "failed")
      .then((outcome) => {
        clearTimeout(slow);
        this.running = null;
        if (outcome === "saved") {
          this.failures = 0;
          this.onState("saved");
          if (this.ballots.waiting().length) this.flush();
        } else if (outcome === "stopped") {
          this.onState("stopped");
        } else {
          this.failures += 1;
          const wait = outcome.wait ? outcome.wait * 1000 : Math.min(30_000, 1000 * 2 ** Math.min(this.failures - 1, 5));
          this.onState(outcome.wait ? "slow" : "waiting");
          this.timer = setTimeout(() => this.flush(), wait * (0.75 + Math.random() / 2));
        }
      });
    return this.running;
  }

  /* Everything that waits, by address and round; votes and their reasons go together. */
  batches() {
    const found = new Map();
    this.ballots.waiting().forEach((entry) => {
      const where = entry.kind === "reasons" ? "votes" : entry.kind;
      const name = `${where}:${entry.round}`;
      if (!found.has(name)) found.set(name, { where, round: entry.round, entries: [] });
      found.get(name).entries.push(entry);
    });
    return [...found.values()];
  }

  body({ where, round, entries }) {
    const of = (kind) =>
      entries.filter((one) => one.kind === kind && one.content !== null).map((one) => ({ ...one.content, revision: one.revision }));
    if (where === "votes") return { round, votes: of("votes"), reasons: of("reasons") };
    return { round, [where]: of(where), gone: entries.filter((one) => one.content === null).map((one) => one.id) };
  }

  post(batch, more = {}) {
    return fetch(`${batch.where}/`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify(this.body(batch)),
      ...more,
    });
  }

  async sendAll() {
    let trouble = null;
    for (const batch of this.batches()) {
      const outcome = await this.send(batch);
      if (outcome === "stopped") return "stopped";
      if (outcome !== "saved") trouble = outcome;
    }
    return trouble ?? "saved";
  }

  async send(batch, again = true) {
    const abort = new AbortController();
    const at = this.stamp();
    const patience = setTimeout(() => abort.abort(), 10_000);
    try {
      const response = await this.post(batch, { signal: abort.signal });
      const told = await response.json().catch(() => ({}));
      if (response.status === 200 && "saved" in told) {
        this.settle(batch, told.refused ?? [], at);
        return "saved";
      }
      if (response.status === 403 && told.csrf && again) {
        this.csrf = told.csrf;
        return await this.send(batch, false);
      }
      if (response.status === 429) return { wait: told.wait || 1 };
      if (response.status === 409 && told.reason === "removed") return "stopped"; // it waits: they may be let in again
      if (response.status === 409 && told.message) {
        batch.entries.forEach((entry) => this.ballots.settle(entry, "late", told.message));
        this.onSettled(batch.entries, at);
        return "saved";
      }
      if ([400, 413].includes(response.status) && told.message) {
        batch.entries.forEach((entry) => this.ballots.settle(entry, "refused", told.message));
        this.onSettled(batch.entries, at);
        return "saved";
      }
      if ([404, 410].includes(response.status) && told.reason) return "stopped";
      return "failed"; // a server that is being started, or a Wi-Fi that answers for us
    } catch (_) {
      return "failed"; // no network
    } finally {
      clearTimeout(patience);
    }
  }

  settle(batch, refused, at) {
    batch.entries.forEach((entry) => {
      const part = entry.kind === "reasons" ? "reason" : "value";
      const problem = refused.find((one) =>
        batch.where === "votes" ? (one.item === entry.id || one.item === "") && one.part === part : one.key === entry.id,
      );
      this.ballots.settle(entry, problem ? "refused" : "saved", problem ? problem.message : "");
    });
    this.onSettled(batch.entries, at);
  }

  /* The tab may be gone in a moment: what is not confirmed stays here and goes out again on the next visit. */
  leave() {
    if (this.stopped || !("keepalive" in Request.prototype)) return;
    this.batches().forEach((batch) => {
      this.post(batch, { keepalive: true }).catch(() => {});
    });
  }
}
