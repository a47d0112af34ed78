/* Help while a return is typed. The page works without it. */
(function () {
  "use strict";

  const page = window.returnForm;
  if (!page) return;
  const form = page.form;
  const say = page.say;
  const left = form.querySelector("[data-left]");
  const nextBlank = form.querySelector("[data-next-blank]");
  let lastCell = null;
  page.typedSince = new Set();

  /* What the page as a whole says: how many are left, and how many may stay as they were. */
  function summed(cell) {
    if (cell) page.count(cell);
    left.textContent = page.blank.size ? page.fill(say.left, { count: page.blank.size }) : say.filled;
    nextBlank.hidden = page.blank.size === 0;
    form.querySelectorAll("[data-unchanged]").forEach(function (button) {
      const count = waiting(button.value).length;
      button.disabled = count === 0;
      button.querySelector("[data-count]").textContent = count;
    });
  }

  function waiting(topic) {
    const sets = topic === "all" ? Array.from(page.waiting.values()) : [page.waiting.get(topic) || []];
    return sets.flatMap(function (set) {
      return Array.from(set);
    });
  }

  /* One cell was changed; `among` many, the sum comes once at the end. */
  function changed(cell, among) {
    page.judgeAround(cell);
    page.count(cell);
    page.noteChange(cell);
    if (!among) {
      page.typedSince.add(cell);
      summed();
    } else page.typedSince.delete(cell);
  }

  page.summed = summed;
  page.changed = changed;

  function goToNextBlank() {
    const from = lastCell ? lastCell.place + 1 : 0;
    const order = page.order.slice(from).concat(page.order.slice(0, from));
    const cell = order.find(function (each) {
      return page.blank.has(each);
    });
    if (!cell) return;
    cell.box.scrollIntoView({ block: "center" });
    page.go(cell);
  }

  /* Empty cells as last quarter, or with their usual answer. Nothing typed is touched. */
  function fillWith(cells, answer) {
    page.fillIn(
      cells.map(function (cell) {
        return { cell: cell, before: page.state(cell), typed: answer || cell.known.before, na: false };
      }),
    );
  }

  form.querySelectorAll("[data-fill]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const cells = page.order.filter(function (cell) {
        return cell.inGrid && cell.elementId === button.dataset.fill && page.isBlank(cell);
      });
      fillWith(cells, button.dataset.fillWith);
    });
  });

  form.addEventListener("click", function (event) {
    const button = event.target.closest("[data-unchanged]");
    if (!button) return;
    event.preventDefault();
    fillWith(waiting(button.value));
  });

  form.addEventListener("focusin", function (event) {
    const here = page.at(event.target);
    if (here) lastCell = here.cell;
  });

  /* Half a number is no mistake yet: that it cannot be read is said when one leaves the field. */
  function isHalfTyped(here) {
    const found =
      here.field === "value" && here.cell.element.kind !== "state" && page.read(here.cell, page.typedIn(here.cell));
    return Boolean(found && found.error);
  }

  form.addEventListener("input", function (event) {
    const here = page.at(event.target);
    if (!here) return;
    if (!isHalfTyped(here)) {
      changed(here.cell);
      return;
    }
    page.typedSince.add(here.cell);
    page.noteChange(here.cell);
    summed(here.cell);
  });

  form.addEventListener("change", function (event) {
    const here = page.at(event.target);
    if (here && isHalfTyped(here)) page.judgeAround(here.cell);
  });

  nextBlank.addEventListener("click", goToNextBlank);
  form.querySelector("[data-keys]").hidden = false;

  page.order.forEach(function (cell) {
    page.count(cell);
    page.noteUnsaved(cell);
  });
  summed();
  const summary = document.getElementById("summary");
  if (summary) summary.focus();
})();
