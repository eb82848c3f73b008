/* Where boxes, links and their signs lie. Units are those of the drawing; a place is the middle of a factor's box. */
const TEXT_WIDTH = 122;
const LINE = 17;
const FONT_PX = 13;
const BENDS = [0.14, -0.14, 0.28, -0.28, 0.42];
const STEPS = 16;
export const GRID = { across: 190, down: 110, left: 110, top: 70 };

let pen = null;
const widths = new Map();
function width(text, bold) {
  const name = `${bold ? 1 : 0}${text}`;
  if (!widths.has(name)) {
    pen ??= document.createElement("canvas").getContext("2d");
    pen.font = `${bold ? 620 : 400} ${FONT_PX}px ${getComputedStyle(document.body).fontFamily}`;
    widths.set(name, pen.measureText(text).width);
  }
  return widths.get(name);
}

/* Words in lines; a word wider than a line is broken where it must be. */
function wrap(text, bold) {
  const lines = [];
  let line = "";
  for (let word of text.split(/\s+/).filter(Boolean)) {
    if (line && width(`${line} ${word}`, bold) <= TEXT_WIDTH) {
      line = `${line} ${word}`;
      continue;
    }
    if (line) lines.push(line);
    while (width(word, bold) > TEXT_WIDTH) {
      let end = word.length - 1;
      while (end > 1 && width(word.slice(0, end), bold) > TEXT_WIDTH) end -= 1;
      lines.push(word.slice(0, end));
      word = word.slice(end);
    }
    line = word;
  }
  return [...lines, line];
}

/* The box around a factor's name, with room for the glyph and the score of what it is tied to. */
export function boxOf(factor) {
  const bold = Boolean(factor.mark);
  const lines = wrap(factor.name, bold);
  const text = Math.max(...lines.map((one) => width(one, bold)));
  const before = factor.mark ? 32 : 14;
  const after = factor.score === null ? 14 : 42;
  return { lines, before, w: Math.max(64, text + before + after), h: Math.max(40, LINE * lines.length + 17), line: LINE };
}

/* Factors that nobody has placed yet stand in rows below the others, the same on every screen. */
export function placed(factors) {
  const known = factors.filter((one) => one.x !== null);
  const top = known.length ? Math.max(...known.map((one) => one.y)) + GRID.down : GRID.top;
  const across = 5;
  let next = 0;
  return factors.map((one) => {
    if (one.x !== null) return one;
    const at = next;
    next += 1;
    return { ...one, x: GRID.left + (at % across) * GRID.across, y: top + Math.floor(at / across) * GRID.down };
  });
}

const bezier = (p, c, q, t) => [
  (1 - t) ** 2 * p[0] + 2 * t * (1 - t) * c[0] + t ** 2 * q[0],
  (1 - t) ** 2 * p[1] + 2 * t * (1 - t) * c[1] + t ** 2 * q[1],
];
const inside = ([x, y], one, margin) =>
  Math.abs(x - one.x) < one.box.w / 2 + margin && Math.abs(y - one.y) < one.box.h / 2 + margin;

function bentBy(source, target, bend) {
  const p = [source.x, source.y];
  const q = [target.x, target.y];
  return [p, [(p[0] + q[0]) / 2 - (q[1] - p[1]) * bend, (p[1] + q[1]) / 2 + (q[0] - p[0]) * bend], q];
}

/* How far a link bends: the gentlest way that passes under no other box. Two links of a pair bend away from each other. */
export function bendOf(source, target, others, isPair) {
  let best = BENDS[0];
  let least = Infinity;
  for (const bend of BENDS) {
    if (isPair && bend < 0) continue;
    const [p, c, q] = bentBy(source, target, bend);
    let cost = Math.abs(bend);
    for (let at = 1; at < STEPS; at += 1) {
      const point = bezier(p, c, q, at / STEPS);
      for (const one of others) if (one !== source && one !== target && inside(point, one, 6)) cost += 1;
    }
    if (cost < least) [best, least] = [bend, cost];
    if (least < 0.3) break;
  }
  return best;
}

/* All that is drawn of a link: its line from box to box, and where head, delay and sign stand. */
export function linkShape(source, target, bend) {
  const [p, c, q] = bentBy(source, target, bend);
  let from = 0;
  let to = 1;
  while (from < 0.5 && inside(bezier(p, c, q, from), source, 2)) from += 0.01;
  while (to > 0.5 && inside(bezier(p, c, q, to), target, 4)) to -= 0.01;
  const at = (t) => bezier(p, c, q, t);
  const turned = (t) => {
    const [a, b] = [at(Math.max(0, t - 0.02)), at(Math.min(1, t + 0.02))];
    return (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI;
  };
  const [a, b, m] = [at(from), at(to), at((from + to) / 2)];
  const control = [2 * m[0] - (a[0] + b[0]) / 2, 2 * m[1] - (a[1] + b[1]) / 2];
  const length = Math.max(60, Math.hypot(b[0] - a[0], b[1] - a[1]));
  const text = (one) => one.map((each) => each.toFixed(1)).join(" ");
  return {
    line: `M${text(a)}Q${text(control)} ${text(b)}`,
    head: `translate(${text(b)}) rotate(${turned(to).toFixed(1)})`,
    delay: `translate(${text(m)}) rotate(${turned((from + to) / 2).toFixed(1)})`,
    sign: `translate(${text(at(Math.max((from + to) / 2 + 0.08, to - (24 / length) * (to - from))))})`,
  };
}
