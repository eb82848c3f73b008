/* How a round changed what the room says: columns grow or shrink from the heights of the round before, the median moves,
   then the new numbers appear. 900 ms, once for each result. The server sends the final drawing; `data-from-*` on a mark
   says where it stood, class "later" what appears when the marks have arrived. Whatever happens to the motion, the
   drawing that stays is the one that was sent. */
export const DURATION_MS = 900;
const LATER_AT = 0.7; // of the duration
const MOVED = "[data-from-x], [data-from-y], [data-from-cx], [data-from-width], [data-from-height]";
const known = new Set();

const ease = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);
const still = () => document.hidden || window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/* The id of a chart's title depends on what the chart says, so the same result in a newer fragment has the same name. */
const name = (chart) => chart.querySelector("title")?.id ?? "";
const shown = (chart) => chart.getClientRects().length > 0;

function moving(chart) {
  return [...chart.querySelectorAll(MOVED)].flatMap((mark) =>
    Object.keys(mark.dataset)
      .filter((key) => key.startsWith("from"))
      .map((key) => {
        const attribute = key.slice(4).toLowerCase();
        const final = mark.getAttribute(attribute);
        return { mark, attribute, final, from: Number(mark.dataset[key]), to: Number(final) };
      }),
  );
}

/* Says that the charts in `root` have been seen: call it once for what the page was loaded with. */
export function remember(root) {
  for (const chart of root.querySelectorAll("svg.chart")) if (name(chart)) known.add(name(chart));
}

function play(chart) {
  const steps = moving(chart);
  const later = [...chart.querySelectorAll(".later")];
  return new Promise((resolve) => {
    let started = null;
    const end = () => {
      for (const { mark, attribute, final } of steps) mark.setAttribute(attribute, final);
      for (const mark of later) mark.removeAttribute("opacity");
      resolve(true);
    };
    const draw = (share) => {
      const done = ease(share);
      for (const { mark, attribute, from, to } of steps) mark.setAttribute(attribute, (from + (to - from) * done).toFixed(1));
      for (const mark of later) mark.setAttribute("opacity", Math.max(0, (share - LATER_AT) / (1 - LATER_AT)).toFixed(2));
    };
    const frame = (now) => {
      started ??= now;
      const share = (now - started) / DURATION_MS;
      if (share >= 1 || !chart.isConnected || still()) return end();
      draw(share);
      requestAnimationFrame(frame);
    };
    draw(0); // before the first paint, or the final drawing would flash
    requestAnimationFrame(frame);
  });
}

/* Call it on a fragment that has just replaced another. Resolves when all stands still, to whether anything moved. */
export async function explain(root) {
  const fresh = [...root.querySelectorAll("svg.chart")].filter((chart) => name(chart) && !known.has(name(chart)));
  remember(root);
  if (still()) return false;
  const played = fresh.filter((chart) => shown(chart) && chart.querySelector(MOVED));
  await Promise.all(played.map(play));
  return played.length > 0;
}
