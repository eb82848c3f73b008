/* Mouse, pen and fingers on the drawing: drag a box, draw a link from its handle, move and zoom what is seen. */
const NEAR_PX = { mouse: 4, touch: 9, pen: 6 };
const TWICE_MS = 380;
const TWICE_PX = 28;
const EDGE_PX = 28;

export function listenToGestures({ canvas, drawing, mayEdit, on }) {
  /* on: press(key), pressLink(pair), pressGround(), ground(x, y) twice, drop(key, x, y), join(source, target) */
  const pointers = new Map();
  let act = null; // {kind: drag | link | pan | pinch, …}
  let last = { time: 0, x: 0, y: 0 };

  const state = { get busy() { return act !== null && act.kind !== "pan"; } };
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY);
  const keyOf = (element) => element?.closest?.("[data-key]")?.dataset.key ?? null;

  function end() {
    drawing.drawGhost(null, null);
    for (const one of canvas.querySelectorAll(".is-target")) one.classList.remove("is-target");
    canvas.classList.remove("is-panning", "is-dragging");
    act = null;
    on.idle();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) {
      if (act?.kind === "drag" && act.moved) drawing.shift(act.key, act.startX, act.startY);
      const [one, other] = pointers.values();
      act = { kind: "pinch", far: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 };
      return;
    }
    if (pointers.size > 2) return;
    const factor = event.target.closest("[data-key]");
    const link = event.target.closest("[data-pair]");
    const began = { x: event.clientX, y: event.clientY, id: event.pointerId, near: NEAR_PX[event.pointerType] ?? 6, moved: false };
    if (mayEdit && event.target.closest(".map-handle")) {
      act = { ...began, kind: "link", key: factor.dataset.key };
      factor.focus({ preventScroll: true });
    } else if (factor) {
      const one = drawing.factors.get(factor.dataset.key);
      const [x, y] = drawing.at(event.clientX, event.clientY);
      act = { ...began, kind: mayEdit ? "drag" : "pan", key: factor.dataset.key, startX: one.x, startY: one.y, dx: one.x - x, dy: one.y - y };
      factor.focus({ preventScroll: true });
    } else {
      act = { ...began, kind: "pan", pair: link?.dataset.pair ?? null };
      canvas.focus({ preventScroll: true });
    }
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });

  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before || !act) return;
    pointers.set(event.pointerId, event);
    if (act.kind === "pinch") {
      const [one, other] = pointers.values();
      if (!other) return;
      const far = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      const [x, y] = [(one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2];
      drawing.pan(x - act.x, y - act.y);
      drawing.zoom(far / (act.far || far || 1), x, y);
      Object.assign(act, { far, x, y });
      return;
    }
    if (!act.moved && Math.hypot(event.clientX - act.x, event.clientY - act.y) < act.near) return;
    act.moved = true;
    if (act.kind === "pan") {
      canvas.classList.add("is-panning");
      drawing.pan(event.clientX - before.clientX, event.clientY - before.clientY);
    } else if (act.kind === "drag") {
      canvas.classList.add("is-dragging");
      atEdge(event);
      const [x, y] = drawing.at(event.clientX, event.clientY);
      drawing.shift(act.key, Math.round(x + act.dx), Math.round(y + act.dy));
    } else {
      atEdge(event);
      drawing.drawGhost(act.key, drawing.at(event.clientX, event.clientY));
      const over = keyOf(under(event));
      for (const one of drawing.factors.values()) one.element.classList.toggle("is-target", one.data.key === over && over !== act.key);
    }
  });

  /* What is dragged to the edge of the drawing takes the drawing along. */
  function atEdge(event) {
    const box = canvas.getBoundingClientRect();
    const push = (low, high, at) => (at - low < EDGE_PX ? 8 : high - at < EDGE_PX ? -8 : 0);
    drawing.pan(push(box.left, box.right, event.clientX), push(box.top, box.bottom, event.clientY));
  }

  canvas.addEventListener("pointerup", (event) => {
    if (!pointers.delete(event.pointerId) || !act) return;
    const done = act;
    if (done.kind === "pinch") {
      if (!pointers.size) end();
      return;
    }
    if (done.id !== event.pointerId) return;
    const target = keyOf(under(event));
    const place = done.key ? { ...drawing.factors.get(done.key) } : null; // news that waited are drawn at the end
    end();
    if (done.kind === "link") {
      if (!done.moved) on.startLink(done.key);
      else if (target && target !== done.key) on.join(done.key, target);
    } else if (done.kind === "drag" && done.moved) {
      if ("x" in place) on.drop(done.key, place.x, place.y);
    } else if (!done.moved) pressed(done, event);
  });

  function pressed(done, event) {
    const isAgain = event.timeStamp - last.time < TWICE_MS && Math.hypot(event.clientX - last.x, event.clientY - last.y) < TWICE_PX;
    last = { time: isAgain ? 0 : event.timeStamp, x: event.clientX, y: event.clientY };
    if (done.key) on.press(done.key);
    else if (done.pair) on.pressLink(done.pair);
    else if (isAgain && mayEdit) on.ground(...drawing.at(event.clientX, event.clientY).map(Math.round));
    else on.pressGround();
  }

  function cancel(event) {
    if (event) pointers.delete(event.pointerId);
    else pointers.clear();
    if (!act) return;
    if (act.kind === "drag" && act.moved) drawing.shift(act.key, act.startX, act.startY);
    end();
  }
  canvas.addEventListener("pointercancel", cancel);

  // a finger's click comes late, and would press what has come up under it meanwhile
  canvas.addEventListener("touchend", (event) => event.cancelable && event.preventDefault(), { passive: false });

  /* The wheel scrolls the page until the drawing has been pressed, or with Ctrl. */
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey && !canvas.contains(document.activeElement)) return;
      event.preventDefault();
      drawing.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.03 : 0.0015)), event.clientX, event.clientY);
    },
    { passive: false },
  );
  /* What is being dragged has got its real name. */
  const rekey = (from, to) => act?.key === from && (act.key = to);
  return { state, cancel, rekey };
}
