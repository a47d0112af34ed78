/* Enter goes down a column, as in a workbook; without scripts it saves. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-numbers]");
  if (!form) return;

  form.addEventListener("keydown", function (event) {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || field.tagName !== "INPUT") return;
    event.preventDefault();
    const cell = field.closest("td");
    const rows = Array.from(field.closest("table").rows);
    const step = event.shiftKey ? -1 : 1;
    for (let at = rows.indexOf(cell.parentNode) + step; rows[at]; at += step) {
      const below = rows[at].cells[cell.cellIndex];
      const next = below && below.querySelector("input");
      if (next) {
        next.focus();
        next.select();
        return;
      }
    }
  });
})();
