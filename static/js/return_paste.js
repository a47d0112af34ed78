/* A block copied from Excel or WPS, laid over the cells from the focused one on: first shown, then filled in, and
   undone in one go. Empty cells of the block and notes are not touched. */
(function () {
  "use strict";

  const page = window.returnForm;
  if (!page) return;
  const say = page.say;
  const MOST_SHOWN = 300;

  /* Rows of cells, as Excel puts them on the clipboard: tabs, line ends, quotes around a cell with line ends. */
  function rowsOf(text) {
    const rows = [[""]];
    let quoted = false;
    for (let place = 0; place < text.length; place += 1) {
      const letter = text[place];
      const row = rows[rows.length - 1];
      const last = row.length - 1;
      if (quoted) {
        if (letter !== '"') row[last] += letter;
        else if (text[place + 1] === '"') {
          row[last] += '"';
          place += 1;
        } else quoted = false;
      } else if (letter === '"' && row[last] === "") quoted = true;
      else if (letter === "\t") row.push("");
      else if (letter === "\n") rows.push([""]);
      else if (letter !== "\r") row[last] += letter;
    }
    const end = rows[rows.length - 1];
    if (rows.length > 1 && end.length === 1 && end[0] === "") rows.pop();
    return rows;
  }

  /* The cell under each place of the block; undefined beyond the form, null where nothing is asked. */
  function target(start, down, right) {
    if (!start.inGrid) return right ? undefined : page.own[page.own.indexOf(start) + down];
    const rows = start.box.closest("tbody").rows;
    const row = rows[start.box.parentElement.sectionRowIndex + down];
    const box = row && row.cells[start.box.cellIndex + right];
    return box ? page.cells.get(box.id.slice(2)) || null : undefined;
  }

  /* What would go where: {fills, same, blanks, beyond, over}; a fill with a problem is shown and left out. */
  function plan(start, rows) {
    const found = { fills: [], same: 0, blanks: 0, beyond: 0 };
    rows.forEach(function (row, down) {
      row.forEach(function (typed, right) {
        const cell = target(start, down, right);
        if (!page.trim(typed)) found.blanks += 1;
        else if (!cell) found.beyond += 1;
        else lay(found, cell, page.trim(typed));
      });
    });
    return found;
  }

  function lay(found, cell, typed) {
    const before = page.state(cell);
    const isNa = page.tidy(typed) === say.na;
    if (isNa ? before[1] : !before[1] && page.tidy(before[0]) === page.tidy(typed)) {
      found.same += 1;
      return;
    }
    const read = isNa ? null : page.read(cell, typed);
    const problem = isNa ? (cell.element.na ? "" : say.not_allowed) : (read && read.error) || "";
    const choice = cell.element.choices && read && read.value;
    found.fills.push({ cell: cell, before: before, typed: isNa ? "" : choice || typed, na: isNa, problem: problem });
  }

  function shown(fill) {
    const was = fill.before[1] ? say.na : fill.before[0].trim() || say.nothing;
    return [fill.cell.element.name, fill.cell.subject, was, fill.na ? say.na : fill.typed, fill.problem];
  }

  function make(tag, text, style) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (style) made.className = style;
    return made;
  }

  function table(fills) {
    const made = make("table", "", "data paste");
    const head = made.createTHead().insertRow();
    [say.paste_item, say.paste_unit, say.paste_old, say.paste_new, say.paste_problem].forEach(function (word) {
      head.append(make("th", word));
    });
    const body = made.createTBody();
    fills.slice(0, MOST_SHOWN).forEach(function (fill) {
      const row = body.insertRow();
      shown(fill).forEach(function (text, column) {
        row.append(make("td", text, column === 4 && text ? "field-error" : column > 1 && column < 4 ? "number" : ""));
      });
      if (!fill.problem && (fill.before[0].trim() || fill.before[1])) row.className = "is-over";
    });
    return made;
  }

  function counts(found, good) {
    const over = good.filter(function (fill) {
      return fill.before[0].trim() || fill.before[1];
    }).length;
    const said = [page.fill(say.paste_count, { count: good.length, over: over })];
    const others = {
      paste_same: found.same,
      paste_blank: found.blanks,
      paste_bad: found.fills.length - good.length,
      paste_beyond: found.beyond,
    };
    Object.keys(others).forEach(function (word) {
      if (others[word]) said.push(page.fill(say[word], { count: others[word] }));
    });
    return said.join(" ");
  }

  function preview(start, rows) {
    const found = plan(start, rows);
    const good = found.fills.filter(function (fill) {
      return !fill.problem;
    });
    const dialog = make("dialog", "", "paste-preview");
    const scroll = make("div", "", "table-scroll");
    scroll.append(table(found.fills));
    const act = make("button", say.paste_fill, "button-primary");
    act.type = "button";
    act.disabled = good.length === 0;
    const cancel = make("button", say.cancel);
    cancel.type = "button";
    const bar = make("p", "", "paste-bar");
    bar.append(act, cancel);
    dialog.append(make("h2", say.paste_title), make("p", counts(found, good)), scroll, bar);
    document.body.append(dialog);
    act.addEventListener("click", function () {
      dialog.close();
      fillIn(good);
    });
    cancel.addEventListener("click", function () {
      dialog.close();
    });
    dialog.addEventListener("close", function () {
      dialog.remove();
      page.go(start);
    });
    dialog.showModal();
    (act.disabled ? cancel : act).focus();
  }

  /* --- filling many cells at once, with one undo --- */
  let last = [];

  function put(fills) {
    fills.forEach(function (fill) {
      page.setTyped(fill.cell, fill.typed);
      if (fill.cell.element.na) page.tick(fill.cell).checked = Boolean(fill.na);
    });
    fills.forEach(function (fill) {
      page.changed(fill.cell, true);
    });
    page.summed();
  }

  function fillIn(fills) {
    if (!fills.length) return;
    last = fills.map(function (fill) {
      return { cell: fill.cell, typed: fill.before[0], na: fill.before[1] };
    });
    put(fills);
    offer(page.fill(say.filled_in, { count: fills.length }), true);
  }

  function undo() {
    put(last);
    last = [];
    offer(say.undone, false);
  }

  function offer(words, withUndo) {
    const bar = page.form.querySelector("[data-undo]");
    bar.hidden = false;
    bar.replaceChildren(words);
    if (!withUndo) return;
    const button = make("button", say.undo, "button-plain");
    button.type = "button";
    button.addEventListener("click", undo);
    bar.append(" ", button);
  }

  page.own = page.order.filter(function (cell) {
    return !cell.inGrid;
  });
  page.fillIn = fillIn;

  page.form.addEventListener("paste", function (event) {
    const here = page.at(event.target);
    if (!here || here.field !== "value") return;
    const rows = rowsOf(event.clipboardData.getData("text/plain"));
    const isPlain = rows.length === 1 && rows[0].length === 1 && !rows[0][0].includes("\n");
    const takesText = event.target.matches("input:not([type=radio])");
    if (isPlain && takesText) return;
    event.preventDefault();
    if (
      rows.some(function (row) {
        return row.some(function (typed) {
          return page.trim(typed);
        });
      })
    )
      preview(here.cell, rows);
  });

  page.form.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "z" || !last.length) return;
    if (
      last.some(function (fill) {
        return page.typedSince && page.typedSince.has(fill.cell);
      })
    )
      return;
    event.preventDefault();
    undo();
  });
})();
