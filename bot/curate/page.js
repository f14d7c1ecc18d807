"use strict";
/* Shows only the outcomes of the grade that was pressed; pressing it again shows all. */
for (const button of document.querySelectorAll("button[data-grade]")) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const other of document.querySelectorAll("button[data-grade]")) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(on));
    for (const row of document.querySelectorAll(".outcome")) {
      row.hidden = on && row.dataset.grade !== button.dataset.grade;
    }
  });
}
