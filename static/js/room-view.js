/* What a phone of the room shows of its own votes, of how many have answered and of the time that is left. `state` is
   shared with room-phone.js: {pulse, counted, sending, editing}; `editing` is the round whose vote is being changed. */
export function makeView({ page, live, ballots, words, now, say, state }) {
  let warned = 0; // the round of which “30 seconds left” was said
  const root = () => live.querySelector("[data-room]");
  const answer = () => live.querySelector('[data-part="answer"]');
  const form = () => live.querySelector('[data-form="votes"]');
  const place = () => ({ step: Number(root().dataset.step), round: Number(root().dataset.round) });
  const isVoted = () => !["ideas", "check", "commit", "talk", ""].includes(root().dataset.kind);
  const textKind = () => (root().dataset.kind === "commit" ? "commitments" : "ideas");

  function valueWords(content) {
    const known = JSON.parse(root().dataset.words);
    const value = known.values[String(content.value)] ?? String(content.value).replace("-", "−");
    const delay = content.delay ?? null;
    return delay === null ? value : `${value}, ${known.delays[delay]}`;
  }

  const ownVotes = () => ballots.of("votes", place().round).filter((one) => one.state !== "late");
  function standing(item) {
    const { step, round } = place();
    const earlier = ballots
      .all()
      .filter((one) => one.kind === "votes" && one.content.step === step && one.round < round && one.id === item)
      .filter((one) => one.state === "saved")
      .sort((a, b) => b.round - a.round);
    return earlier[0] ?? null;
  }

  // ---- what is shown
  function showVotes() {
    const mine = ownVotes();
    const open = root().dataset.phase === "open";
    const isEditing = open && state.counted && (state.editing === place().round || mine.length === 0);
    const panel = answer().querySelector("[data-own]");
    if (panel) {
      const by = new Map(mine.map((one) => [one.id, one]));
      panel.querySelectorAll("[data-own-row]").forEach((row) => {
        const one = by.get(row.dataset.ownRow);
        row.hidden = !one;
        if (one) row.querySelector("[data-value]").textContent = valueWords(one.content);
      });
      if (root().dataset.kind === "ranking") sortRows(panel, by);
      panel.hidden = mine.length === 0 || (isEditing && mine.length > 0);
      showSaving(panel, mine.concat(ballots.of("reasons", place().round)));
    }
    live.querySelectorAll("[data-own-was]").forEach((spot) => {
      // a result shows where its own vote lies: that of its round, or the one that stood
      const one = ballots.of("votes", place().round).find((vote) => vote.id === spot.dataset.ownWas && root().dataset.phase === "revealed") ?? standing(spot.dataset.ownWas);
      const found = one ?? null;
      spot.hidden = !found;
      if (found) spot.querySelector("[data-value]").textContent = valueWords(found.content);
    });
    if (!form()) return;
    form().hidden = !isEditing;
    const items = [...form().querySelectorAll("[data-question]")].map((one) => one.dataset.question);
    const stood = items.map(standing).filter(Boolean);
    const keep = form().querySelector("[data-keep]");
    if (keep) {
      keep.hidden = stood.length === 0;
      const value = keep.querySelector("[data-keep-value]");
      if (value && stood.length) value.textContent = valueWords(stood[0].content);
      const stands = form().querySelector("[data-stands]");
      stands.hidden = stood.length === 0;
      const shown = stands.querySelector("[data-stands-value]");
      if (shown && stood.length) shown.textContent = valueWords(stood[0].content);
    }
  }

  function sortRows(panel, by) {
    const rows = [...panel.querySelectorAll("[data-own-row]")];
    const rank = (row) => by.get(row.dataset.ownRow)?.content.value ?? 0;
    const sorted = [...rows].sort((a, b) => rank(a) - rank(b));
    if (sorted.some((row, i) => row !== rows[i])) rows[0].parentNode.append(...sorted);
  }

  function showSaving(box, entries) {
    const spot = box.querySelector("[data-save]");
    if (!spot) return;
    const refused = entries.find((one) => one.state === "refused");
    const waits = entries.some((one) => one.state === "waiting");
    const what = refused ? "refused" : waits ? (state.sending === "saved" ? "saving" : state.sending) : "saved";
    const known = { saved: words.saved, saving: words.saving, sending: words.saving, waiting: words.waiting, slow: words.slow, stopped: words.stopped };
    const text = refused ? (box.querySelector("[data-texts]") ? words.refused : `${words.refused}: ${refused.message}`) : known[what];
    spot.hidden = entries.length === 0;
    spot.dataset.state = what;
    const shown = spot.querySelector("[data-text]");
    if (shown.textContent !== text) shown.textContent = text;
  }

  function showLost() {
    const box = page.querySelector("[data-lost-votes]");
    const late = ballots.all().filter((one) => one.state === "late");
    const rows = late.map((one) => [one.label, one.said, one.message]);
    const { phase, round } = root().dataset;
    if (phase === "closed" && !ownVotes().length && isVoted()) {
      Object.entries(ballots.draft(Number(round))).forEach(([name, value]) => {
        if (name.indexOf("reason-") === 0 && value.trim()) rows.push(["", value, words.unsent]);
      });
    } else if (phase === "closed" && !isVoted()) {
      const held = ballots.draft(Number(round));
      const text = held["new-"] || held.text;
      if (text && text.trim()) rows.push(["", text, words.unsent]);
    }
    const items = rows.map(([label, said, why]) => {
      const row = document.createElement("li");
      const what = document.createElement("b");
      what.dir = "auto";
      what.textContent = [label, said].filter(Boolean).join(": ");
      row.append(what, ` – ${why}`);
      return row;
    });
    box.querySelector("[data-lost-list]").replaceChildren(...items);
    box.querySelector("[data-lost-seen]").hidden = late.length === 0;
    box.hidden = items.length === 0;
  }

  function showPulse() {
    if (!state.pulse) return;
    const { answered, asked, here } = state.pulse;
    const isHere = state.pulse.round === place().round;
    const counts = live.querySelector("[data-counts]");
    if (counts) {
      counts.hidden = !isHere;
      counts.querySelector("[data-of]").textContent = words.of.replace("{n}", answered).replace("{all}", asked);
      const bar = counts.querySelector("progress");
      bar.max = Math.max(1, asked);
      bar.value = answered;
    }
    const spot = live.querySelector("[data-here]");
    if (spot) {
      spot.textContent = String(here);
      live.querySelector("[data-here-words]").hidden = false;
    }
    showTimer();
  }

  function showTimer() {
    const spot = live.querySelector("[data-timer]");
    if (!spot) return;
    const runs = root().dataset.phase === "open" && state.pulse && state.pulse.round === place().round && state.pulse.closes_at;
    spot.hidden = !runs;
    if (!runs) return;
    const left = Math.ceil((state.pulse.closes_at - now()) / 1000);
    const text = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : words.over;
    const shown = spot.querySelector("[data-left]");
    if (shown.textContent !== text) shown.textContent = text;
    spot.classList.toggle("soon", left <= 10);
    if (left > 0 && left <= 30 && warned !== place().round && !ownVotes().length) {
      warned = place().round;
      say(words.halfMinute);
    }
  }

  return {
    root, answer, form, place, isVoted, textKind, valueWords, ownVotes, standing,
    showVotes, showSaving, showLost, showPulse, showTimer,
  };
}
