/* Results that change while people answer. A stream says only that newer numbers exist; the page then asks for them with
   its own log-in. Where streams do not pass, it asks once a minute with the ETag it has. What the reader is doing stays:
   focus, scroll position, opened parts. Without this file the page is right after a reload. */
import { fetchPart } from "./live-part.js";

const box = document.getElementById("results-live");
const said = document.getElementById("results-said");
const POLL_MS = 60_000;
const RETRIES = [500, 2000, 8000];
let etag = "";
let asking = false;
let again = false;
let failures = 0;
let streamed = false;

const part = () => box.firstElementChild.dataset; // the numbers
const below = () => box.lastElementChild.dataset; // the loops, some seconds later, and what was promised
let told = Number(part().answers); // how many answers the reader knows of

function address() {
  const url = new URL(window.location.href);
  url.hash = "";
  url.searchParams.set("part", "live");
  return url;
}

/* Everything that can be opened or focused, named so that it is found again in the new part. */
function place(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const kind = element.localName;
  const same = [...box.querySelectorAll(kind)];
  return { kind, at: same.indexOf(element), text: element.textContent.trim() };
}
function find(where) {
  if (typeof where === "string") return box.querySelector(where);
  const same = [...box.querySelectorAll(where.kind)];
  return same.find((one) => one.textContent.trim() === where.text) ?? same[where.at] ?? null;
}
function names(details) {
  if (details.dataset.keep) return details.dataset.keep;
  const title = details.closest("figure")?.querySelector("figcaption")?.textContent.trim() ?? "";
  return `${title}|${details.querySelector("summary")?.textContent.trim() ?? ""}`;
}

function replace(html) {
  const { version } = part();
  const { summed } = below();
  const focused = box.contains(document.activeElement) ? place(document.activeElement) : null;
  const open = new Set([...box.querySelectorAll("details[open]")].map(names));
  const scrolled = [...box.querySelectorAll("[tabindex='0']")].map((one) => one.scrollLeft);
  const { scrollX, scrollY } = window;
  const { body } = new DOMParser().parseFromString(html, "text/html");
  if (!body.querySelector(":scope > [data-version]") || !body.querySelector(":scope > [data-summed]")) return;
  box.replaceChildren(...body.children);
  for (const details of box.querySelectorAll("details")) details.open = open.has(names(details));
  [...box.querySelectorAll("[tabindex='0']")].forEach((one, i) => (one.scrollLeft = scrolled[i] ?? 0));
  if (focused) find(focused)?.focus({ preventScroll: true });
  window.scrollTo(scrollX, scrollY);
  box.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true }));
  if (part().version !== version) announce();
  else if (below().summed !== summed) said.textContent ||= said.dataset.none; // no second word for the same news
}

function announce() {
  const more = Number(part().answers) - told;
  told = Number(part().answers);
  const { one, many, none } = said.dataset;
  said.textContent = more > 1 ? many.replace("{n}", more) : more === 1 ? one : none;
}

async function ask() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  again = false;
  try {
    const news = await fetchPart(address(), etag);
    if (news) {
      etag = news.tag;
      replace(news.html);
    }
    failures = 0;
  } catch {
    const wait = RETRIES[failures] ?? POLL_MS;
    failures += 1;
    setTimeout(ask, wait + Math.random() * 500);
  } finally {
    asking = false;
    if (again) ask();
  }
}

function listen() {
  const source = new EventSource(box.dataset.stream);
  source.onopen = () => (streamed = true);
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    const [state] = part().state.split(" ");
    const isNewer = news.version > Number(part().version) || news.state !== state;
    if (isNewer) setTimeout(ask, Math.random() * 400);
    else if (news.summed > Number(below().summed)) setTimeout(ask, Math.random() * 2000); // each edit of the map may say so
  };
  source.onerror = () => {
    streamed = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(ask, 1000);
  };
}

listen();
setInterval(() => {
  if (!streamed || part().state.includes("stale") || "behind" in below()) ask();
}, POLL_MS);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") ask();
});
