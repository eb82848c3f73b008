/* Before doors that are not open: looks now and then whether they are, and goes in by itself. */
const LOOK_MS = 10_000; // and up to as much again, so that a hall does not knock in one beat
const waiting = document.querySelector("[data-waiting]");
let timer = 0;

function later() {
  clearTimeout(timer);
  timer = setTimeout(look, LOOK_MS * (1 + Math.random()));
}

async function look() {
  later();
  if (document.hidden) return;
  try {
    const { status } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (status !== 403 && status < 500) location.replace(location.href); // not a reload: that would join once more
  } catch {
    // no network: the next look may find one
  }
}

if (waiting) {
  waiting.hidden = false;
  document.addEventListener("visibilitychange", look);
  later();
}
