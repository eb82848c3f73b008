/* The map as the server last told it, and over it what this browser has done since and the server does not know yet. */
export const NEW = "new:";
export const isNew = (key) => String(key).startsWith(NEW);

const signOf = (drawn) => Math.sign(drawn.reduce((sum, one) => sum + one.sign * one.strength, 0));

/* Where nobody voted, what was drawn is the link. */
function reread(link) {
  if (link.voted !== null) return;
  link.sign = signOf(link.drawn);
  link.held = link.sign !== 0;
  link.ambiguous = link.drawn.length > 1;
  link.delay = Math.max(0, ...link.drawn.map((one) => one.delay));
  link.effect = link.drawn.length ? link.drawn.reduce((sum, one) => sum + (one.sign * one.strength) / 3, 0) / link.drawn.length : 0;
}

const drawnIn = (map, id) => map.links.find((link) => link.drawn.some((one) => String(one.id) === String(id)));

const ACTS = {
  "add-factor"(map, edit, ties) {
    const tie = ties[edit.facet] ?? ties[edit.indicator];
    const { name, facet, indicator, x, y } = edit;
    const key = NEW + edit.key;
    map.factors.push({ key, name, facet, indicator, x, y, tie: tie?.name ?? "", mark: tie?.mark ?? "", score: null });
  },
  "change-factor"(map, edit, ties) {
    const one = map.factors.find((factor) => factor.key === String(edit.factor));
    if (!one) return;
    const tie = ties[edit.facet] ?? ties[edit.indicator];
    if (one.facet !== edit.facet || one.indicator !== edit.indicator) one.score = null;
    Object.assign(one, { name: edit.name, facet: edit.facet, indicator: edit.indicator, tie: tie?.name ?? "", mark: tie?.mark ?? "" });
  },
  "remove-factor"(map, edit) {
    const gone = String(edit.factor);
    map.factors = map.factors.filter((one) => one.key !== gone);
    map.links = map.links.filter((one) => one.source !== gone && one.target !== gone);
  },
  move(map, edit) {
    for (const one of map.factors) if (edit.places[one.key]) [one.x, one.y] = edit.places[one.key];
  },
  "draw-link"(map, edit) {
    const [source, target] = [String(edit.source), String(edit.target)];
    const there = (key) => map.factors.some((one) => one.key === key);
    if (!there(source) || !there(target)) return;
    let link = map.links.find((one) => one.source === source && one.target === target);
    if (!link) {
      link = { source, target, drawn: [], voted: null, withheld: false, agreement: null };
      map.links.push(link);
    }
    const { sign, strength, delay } = edit;
    const same = link.drawn.find((one) => one.sign === sign);
    if (same) Object.assign(same, { strength, delay });
    else link.drawn.push({ id: NEW + edit.key, sign, strength, delay });
    reread(link);
  },
  "change-link"(map, edit) {
    const link = drawnIn(map, edit.link);
    if (!link) return;
    const { sign, strength, delay } = edit;
    Object.assign(link.drawn.find((one) => String(one.id) === String(edit.link)), { sign, strength, delay });
    reread(link);
  },
  "remove-link"(map, edit) {
    const link = drawnIn(map, edit.link);
    if (!link) return;
    link.drawn = link.drawn.filter((one) => String(one.id) !== String(edit.link));
    reread(link);
    if (!link.drawn.length && link.voted === null && !link.withheld) map.links = map.links.filter((one) => one !== link);
  },
};

export function overlaid(base, edits, ties) {
  const map = {
    ...base,
    factors: base.factors.map((one) => ({ ...one })),
    links: base.links.map((one) => ({ ...one, drawn: one.drawn.map((way) => ({ ...way })) })),
  };
  for (const edit of edits) ACTS[edit.kind]?.(map, edit, ties);
  return map;
}

/* What the server made of an edit of ours that made something new, null where it made nothing. */
export function madeBy(edit, map) {
  const same = (one) => one.name.trim().toLocaleLowerCase() === edit.name.trim().toLocaleLowerCase();
  if (edit.kind === "add-factor") return map.factors.find(same)?.key ?? null;
  if (edit.kind !== "draw-link") return null;
  const link = map.links.find((one) => one.source === String(edit.source) && one.target === String(edit.target));
  return link?.drawn.find((one) => one.sign === edit.sign)?.id ?? null;
}

/* An edit that speaks of something new by its first name, told its real one. */
export function renamed(edit, from, to) {
  const next = { ...edit };
  for (const name of ["factor", "source", "target", "link"]) if (next[name] === from) next[name] = to;
  if (next.places && from in next.places) {
    const { [from]: place, ...others } = next.places;
    next.places = { ...others, [to]: place };
  }
  return next;
}
