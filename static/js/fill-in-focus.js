// What went wrong is read first.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();
