/* Preparing workshops. Times appear as the reader's clock says them and are sent with the name of that clock's zone; lists
   to choose from can be searched; the join link can be copied. Without this file times are in UTC and lists whole. */
const zone = (() => {
  try {
    return new Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  } catch {
    return "";
  }
})();
const page = document.documentElement.lang || "en";
const language = page === "en" ? "en-GB" : page; // day before month, as everywhere in the product

const DAY = { day: "numeric", month: "long", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const SHAPES = { day: DAY, moment: { ...DAY, ...CLOCK }, time: CLOCK };
for (const time of document.querySelectorAll("time[data-clock]")) {
  const shape = SHAPES[time.dataset.clock] ?? SHAPES.moment;
  time.textContent = new Intl.DateTimeFormat(language, shape).format(new Date(time.dateTime));
}

/* The field came with UTC; once the zone is known the same moment is written as this clock says it. */
function local(moment) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${String(moment.getFullYear()).padStart(4, "0")}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
for (const input of document.querySelectorAll("[data-clock-input]")) {
  const field = input.form.elements.namedItem("zone");
  if (!zone || !field) continue;
  if (!field.value) {
    const moment = new Date(`${input.value}Z`);
    if (input.value && !Number.isNaN(moment.getTime())) input.value = local(moment);
    field.value = zone;
  }
  const hint = document.getElementById(`${input.id}_helptext`);
  if (hint) hint.textContent = field.value.replaceAll("_", " ");
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const input = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(input.value);
      button.textContent = button.dataset.done;
    } catch {
      input.select();
    }
  });
}

for (const list of document.querySelectorAll("[data-offers]")) {
  const search = list.querySelector("[data-search]");
  const found = list.querySelector("[data-found]");
  const chapters = [...list.querySelectorAll("details")];
  search.hidden = false;
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // the form is not sent by a search
  });
  search.addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const chapter of chapters) {
      let here = 0;
      const name = chapter.querySelector("summary").textContent.toLowerCase();
      for (const choice of chapter.querySelectorAll(".choice")) {
        const text = `${name} ${choice.textContent.toLowerCase()}`;
        const fits = words.every((word) => text.includes(word));
        choice.hidden = !fits;
        here += fits;
      }
      chapter.hidden = here === 0;
      chapter.open = words.length ? here > 0 : Boolean(chapter.querySelector("input:checked"));
      count += here;
    }
    found.textContent = words.length && count === 0 ? found.dataset.none : "";
  });
}

/* A step that was moved keeps the focus on the button that moved it, so that it can be pressed again. */
const KEY = "workshop-moved";
for (const form of document.querySelectorAll(".step-moves form")) {
  form.addEventListener("submit", (event) => {
    if (event.submitter) sessionStorage.setItem(KEY, event.submitter.id);
  });
}
const moved = sessionStorage.getItem(KEY);
if (moved) {
  sessionStorage.removeItem(KEY);
  const again = () => {
    const button = document.getElementById(moved);
    const next = button?.disabled ? button.form.querySelector("button:not([disabled])") : button;
    next?.focus();
  };
  // the browser takes the focus away when it goes to the part that the address names; that is done after loading
  if (document.readyState === "complete") again();
  else window.addEventListener("load", () => requestAnimationFrame(again));
}
