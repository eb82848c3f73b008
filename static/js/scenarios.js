// A slider below each target of a lever; the number stays the one that is sent.
for (const number of document.querySelectorAll("input[data-range]")) {
  const range = document.createElement("input");
  range.type = "range";
  range.min = "0";
  range.max = "100";
  range.step = "1";
  range.value = number.value || "50";
  const label = document.querySelector(`label[for="${number.id}"]`);
  range.setAttribute("aria-label", label ? label.textContent.trim() : "0–100");
  range.addEventListener("input", () => {
    number.value = range.value;
  });
  number.addEventListener("input", () => {
    if (number.value !== "" && number.validity.valid) range.value = number.value;
  });
  number.after(range);
}
