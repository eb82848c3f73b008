/* Hover and arrow keys on charts. Every mark that says something carries a <title>; without this file the browser shows
   it as its own tooltip, and the description and the table hold the same numbers. */
const tip = document.createElement("div");
tip.className = "chart-tip";
tip.setAttribute("role", "status");
tip.hidden = true;
document.body.append(tip);
let current = null;

function words(mark) {
  const title = mark.querySelector("title");
  if (title) {
    mark.dataset.tip = title.textContent;
    title.remove(); // or the browser would show a second tooltip
  }
  return mark.dataset.tip;
}

function show(mark) {
  if (current) current.classList.remove("on");
  current = mark;
  tip.hidden = !mark;
  if (!mark) return;
  mark.classList.add("on");
  tip.textContent = words(mark);
  const box = mark.getBoundingClientRect();
  const centre = box.left + box.width / 2 - tip.offsetWidth / 2;
  const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
  const above = box.top - tip.offsetHeight - 8;
  tip.style.left = `${Math.max(8, Math.min(centre, room)) + window.scrollX}px`;
  tip.style.top = `${(above > 0 ? above : box.bottom + 8) + window.scrollY}px`;
}

document.addEventListener("pointerover", (event) => {
  const mark = event.target.closest?.(".chart .mark");
  if (mark) show(mark);
  else if (current && !event.target.closest?.(".chart-tip")) show(null);
});

/* A tab stop for each figure, not for the strips of a table, whose numbers stand beside them. */
function prepare(root) {
  for (const chart of root.querySelectorAll(".figure svg.chart[role=img]")) {
    if (chart.querySelector(".mark")) chart.setAttribute("tabindex", "0");
  }
}
prepare(document);

/* A chart wider than the screen begins with what is highlighted on it. */
for (const room of document.querySelectorAll(".chart-scroll")) {
  const boxes = [...room.querySelectorAll(".lit")].map((mark) => mark.getBoundingClientRect());
  if (!boxes.length) continue;
  const from = Math.min(...boxes.map((box) => box.left));
  const to = Math.max(...boxes.map((box) => box.right));
  const middle = room.getBoundingClientRect();
  room.scrollLeft += (from + to) / 2 - (middle.left + middle.right) / 2;
}
document.addEventListener("htmx:afterSwap", (event) => {
  show(null);
  prepare(event.target);
});

document.addEventListener("keydown", (event) => {
  const chart = event.target.closest?.("svg.chart");
  if (!chart) return;
  if (event.key === "Escape") return show(null);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const marks = [...chart.querySelectorAll(".mark")];
  if (!step || !marks.length) return;
  event.preventDefault();
  const at = marks.indexOf(current);
  show(marks[at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length]);
});
document.addEventListener("focusout", (event) => {
  if (event.target.closest?.("svg.chart")) show(null);
});
