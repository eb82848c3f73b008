/* What was typed into one form of a commitment's page and not sent stays when another form of it is. */
const page = document.querySelector("[data-typed]");
const KEY = `typed ${page.dataset.typed}`;

function fields() {
  return [...page.querySelectorAll("form")].flatMap((form) =>
    [...form.querySelectorAll("input:not([type=hidden]), textarea")].map((field) => ({ form, field })),
  );
}
const isTicked = (field) => field.type === "radio" || field.type === "checkbox";
const isTyped = (field) => (isTicked(field) ? field.checked && !field.defaultChecked : field.value !== field.defaultValue);

document.addEventListener("submit", (event) => {
  const typed = fields()
    .filter(({ form, field }) => form !== event.target && isTyped(field))
    .map(({ field }) => [field.name, field.value]);
  if (typed.length) sessionStorage.setItem(KEY, JSON.stringify(typed));
});

for (const [name, value] of JSON.parse(sessionStorage.getItem(KEY) || "[]")) {
  for (const { field } of fields()) {
    if (field.name !== name) continue;
    if (!isTicked(field)) field.value = value;
    else if (field.value === value) field.checked = true;
  }
}
sessionStorage.removeItem(KEY);
