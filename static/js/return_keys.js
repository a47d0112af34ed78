/* Moving through the fields of a return by keyboard, as in a spreadsheet: Enter and arrows; Tab is the browser's. */
(function () {
  "use strict";

  const page = window.returnForm;
  if (!page) return;

  /* The cell of which this is a field, and which of its fields: value, na or note. */
  function at(target) {
    const found = /^(f|v|na|n|note)-(\d+-\d+)$/.exec(target.type === "radio" ? target.name : target.id || "");
    if (!found) return null;
    const cell = page.cells.get(found[2]);
    return cell ? { cell: cell, field: { f: "value", v: "value", na: "na" }[found[1]] || "note" } : null;
  }

  function go(cell) {
    if (!cell) return false;
    let field = page.control(cell);
    if (page.isTicked(cell) && page.noteField(cell)) field = page.noteField(cell);
    if (page.isRadios(field)) field = field.querySelector("input:checked") || field.querySelector("input");
    field.focus();
    if (field.select) field.select();
    return true;
  }

  /* The cell of a table's row and column, going on in steps where nothing is asked. */
  function inTable(cell, down, right) {
    let box = cell.box;
    for (;;) {
      if (right) box = right > 0 ? box.nextElementSibling : box.previousElementSibling;
      else {
        const row = down > 0 ? box.parentElement.nextElementSibling : box.parentElement.previousElementSibling;
        box = row ? row.cells[box.cellIndex] : null;
      }
      if (!box) return null;
      if (box.id) return page.cells.get(box.id.slice(2)) || null;
    }
  }

  /* From the foot of a column to the head of the next one; from the last to what follows the table. */
  function nextColumn(cell, step) {
    const table = cell.box.closest("table");
    const rows = table.tBodies[0].rows;
    for (let column = cell.box.cellIndex + step; column > 0 && column < rows[0].cells.length; column += step) {
      const ordered = step > 0 ? Array.from(rows) : Array.from(rows).reverse();
      const row = ordered.find(function (each) {
        return each.cells[column].id;
      });
      if (row) return page.cells.get(row.cells[column].id.slice(2));
    }
    let place = cell.place;
    while (page.order[place] && page.order[place].inGrid && page.order[place].box.closest("table") === table)
      place += step;
    return page.order[place];
  }

  function onward(cell, step) {
    if (!cell.inGrid) return page.order[cell.place + step];
    return inTable(cell, step, 0) || nextColumn(cell, step);
  }

  function ends(cell, last) {
    const boxes = Array.from(cell.box.parentElement.cells).filter(function (box) {
      return box.id;
    });
    return page.cells.get(boxes[last ? boxes.length - 1 : 0].id.slice(2));
  }

  function caretAt(field, end) {
    if (field.tagName !== "INPUT" || field.type === "checkbox") return true;
    const isAll = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    return (
      isAll || (field.selectionStart === field.selectionEnd && field.selectionStart === (end ? field.value.length : 0))
    );
  }

  function enter(event, here) {
    const field = event.target;
    if (field.tagName === "TEXTAREA" && !event.ctrlKey) return false;
    const note = page.noteField(here.cell);
    const toNote = here.field === "value" && here.cell.element.kind === "state" && !event.shiftKey;
    const toReason = here.field === "na" && field.checked && note;
    if (toNote || toReason) {
      note.focus();
      return true;
    }
    go(onward(here.cell, event.shiftKey ? -1 : 1));
    return true;
  }

  function arrow(event, here) {
    const field = event.target;
    const isText = field.tagName === "INPUT" && field.type !== "radio";
    if (here.field !== "value" || event.altKey || event.ctrlKey || event.shiftKey) return false;
    if (!here.cell.inGrid) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      return Boolean(isText && step && go(page.order[here.cell.place + step]));
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      go(inTable(here.cell, event.key === "ArrowDown" ? 1 : -1, 0));
      return true;
    }
    const forward = event.key === "ArrowRight" || event.key === "End";
    if (!caretAt(field, forward)) return false;
    if (event.key === "Home" || event.key === "End") return go(ends(here.cell, forward));
    go(inTable(here.cell, 0, forward ? 1 : -1));
    return true;
  }

  /* 1, 2, 3 choose in order, 0 is 否 of a yes-no; Delete empties. */
  function choose(event, here) {
    const field = page.control(here.cell);
    const choices = here.cell.element.choices;
    if (here.field !== "value" || !choices || event.ctrlKey || event.altKey) return false;
    let choice = /^[1-9]$/.test(event.key) ? choices[Number(event.key) - 1] : undefined;
    if (event.key === "0" && choices.length === 2) choice = choices[1];
    if (event.key === "Delete" || event.key === "Backspace") choice = "";
    if (choice === undefined) return false;
    page.setTyped(here.cell, choice);
    if (page.isRadios(field)) go(here.cell);
    page.changed(here.cell);
    return true;
  }

  const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];

  page.form.addEventListener("keydown", function (event) {
    if (event.isComposing || event.defaultPrevented) return;
    const here = at(event.target);
    if (!here) {
      if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
      return;
    }
    const isDone =
      event.key === "Enter"
        ? enter(event, here)
        : ARROWS.includes(event.key)
          ? arrow(event, here)
          : choose(event, here);
    if (isDone) event.preventDefault();
  });

  page.at = at;
  page.go = go;
})();
