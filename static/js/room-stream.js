/* How a page follows a room: a stream that says what changed, and questions where no stream passes.

   const line = follow({ stream, state, onView, onPulse, onLine, onGone });

   stream   address of the events "view" and "pulse", each a whole snapshot
   state    address that answers {"view": …, "pulse": …, "stream": a newer stream address, if there is one} with an ETag;
            or `ask`, a function that asks in the page's own way and throws when it could not
   onView(payload), onPulse(payload)   never called with anything older than before
   onLine(there)   whether news arrive, when that changes
   onGone(status)  the server says that this seat is no more (403, 404, 410); nothing is asked any more

   line.apply(snapshot)   news that came another way, as in the answer to a vote
   line.ask()             ask now; the answer tells of no time before this call
   line.now()             the server's clock in ms, for what counts down
   line.close()

   Nothing here speaks to a screen reader: what is said aloud is for the page to choose. */
const PATIENCE_MS = 4_000; // a stream that has said nothing by then is held back on its way
const SILENT_MS = 45_000; // two signs of life were missed
const POLL_MS = 4_000;
const TIMEOUT_MS = 10_000;
const LONGEST_MS = 30_000;
const CLOCK_SAMPLES = 5;

const isNewer = (one, other) =>
  one.version === other.version ? (one.now ?? 0) > (other.now ?? 0) : one.version > other.version;
const jittered = (ms) => ms * (0.75 + Math.random() / 2);

export function follow({ stream, state, ask, onView, onPulse, onLine, onGone }) {
  let source = null;
  let opened = 0; // when the source was made
  let heard = 0; // when the stream last said anything
  let reopenAt = 0;
  let reopened = 0; // times in a row
  let askAt = 0;
  let failed = 0; // questions in a row
  let asking = null;
  let etag = "";
  let there = true;
  let closed = false;
  let ticked = Date.now();
  let offsets = [];
  const last = { view: { version: -1 }, pulse: { version: -1, now: 0 } };

  function say(isThere) {
    if (isThere === there) return;
    there = isThere;
    onLine?.(there);
  }

  /* A server's clock as seen from here is late by the time the news took, so the greatest of some offsets is nearest. */
  function setClock(now) {
    if (typeof now === "number") offsets = [...offsets, now - Date.now()].slice(-CLOCK_SAMPLES);
  }

  function apply(snapshot) {
    const { view, pulse } = snapshot ?? {};
    if (view && view.version >= last.view.version) {
      const isSame = view.version === last.view.version && JSON.stringify(view) === JSON.stringify(last.view);
      last.view = view;
      if (!isSame) onView?.(view);
    }
    if (pulse) setClock(pulse.now);
    if (pulse && isNewer(pulse, last.pulse)) {
      last.pulse = pulse;
      onPulse?.(pulse);
    }
  }

  function open() {
    source?.close();
    opened = Date.now();
    source = new EventSource(stream);
    const own = source;
    const hear = () => {
      if (own !== source) return;
      heard = Date.now();
      reopened = 0;
      say(true);
    };
    for (const kind of ["view", "pulse"]) {
      source.addEventListener(kind, (event) => {
        if (own !== source) return;
        hear();
        apply({ [kind]: JSON.parse(event.data) });
      });
    }
    source.addEventListener("alive", hear);
    source.addEventListener("error", () => {
      if (own !== source || own.readyState !== EventSource.CLOSED) return; // it tries again by itself
      source = null; // refused, or full
      reopenAt = Date.now() + jittered(Math.min(1000 * 2 ** reopened, LONGEST_MS));
      reopened += 1;
    });
  }

  const streams = () => source?.readyState === EventSource.OPEN && heard >= opened;

  async function fetchState() {
    const stopper = new AbortController();
    const timer = setTimeout(() => stopper.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(state, {
        headers: etag ? { "If-None-Match": etag } : {},
        credentials: "same-origin",
        cache: "no-store",
        signal: stopper.signal,
      });
      if (response.status === 200) {
        const snapshot = await response.json();
        etag = response.headers.get("ETag") ?? "";
        if (snapshot.stream) stream = snapshot.stream;
        return snapshot;
      }
      if (response.status === 304) return null;
      if ([403, 404, 410].includes(response.status)) {
        close();
        onGone?.(response.status);
        return null;
      }
      throw new Error(String(response.status));
    } finally {
      clearTimeout(timer);
    }
  }

  function askNow() {
    asking ??= (async () => {
      try {
        const snapshot = await (ask ?? fetchState)();
        failed = 0;
        askAt = Date.now() + jittered(POLL_MS);
        if (closed) return;
        say(true);
        apply(snapshot);
      } catch {
        failed += 1;
        askAt = Date.now() + jittered(Math.min(POLL_MS * 2 ** (failed - 1), LONGEST_MS));
        if (!streams()) say(false);
      } finally {
        asking = null;
      }
    })();
    return asking;
  }

  /* A question that is on its way already may be answered with what was before: then it is asked once more. */
  const askAnew = () => (asking ? asking.then(() => closed || askNow()) : askNow());

  /* Awake again, in sight again, in a network again: what was missed is asked for, and a line that may be dead made new. */
  function back() {
    if (closed || document.visibilityState === "hidden") return;
    failed = reopened = 0;
    offsets = [];
    setTimeout(() => closed || askNow(), Math.random() * 300);
    if (!streams() || Date.now() - heard > SILENT_MS / 2) open();
  }

  function tick() {
    const now = Date.now();
    const slept = now - ticked > PATIENCE_MS;
    ticked = now;
    if (slept) back();
    if (source ? now - Math.max(heard, opened) > SILENT_MS : now >= reopenAt) open();
    const isLate = source ? now - opened > PATIENCE_MS && now - heard > PATIENCE_MS : true;
    if (!streams() && isLate && now >= askAt) askNow();
  }

  function close() {
    closed = true;
    source?.close();
    source = null;
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", back);
    window.removeEventListener("online", back);
    window.removeEventListener("pageshow", shown);
    window.removeEventListener("offline", gone);
  }
  /* No network: what the line still holds is from before, and must not pass for news that arrive. */
  function gone() {
    source?.close();
    source = null;
    reopenAt = Date.now() + jittered(POLL_MS);
    say(false);
  }
  const shown = (event) => event.persisted && back();

  const ticking = setInterval(tick, 1000);
  document.addEventListener("visibilitychange", back);
  window.addEventListener("online", back);
  window.addEventListener("pageshow", shown);
  window.addEventListener("offline", gone);
  open();
  return { apply, ask: askAnew, close, now: () => Date.now() + (offsets.length ? Math.max(...offsets) : 0) };
}
