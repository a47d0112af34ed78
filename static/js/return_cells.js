/* The cells of a return that is being typed: what stands in them, what it reads as, and what is wrong with it.
   The same checks as the server's (reports.questions.checks) in the same words; the server checks everything again. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-return]");
  if (!form) return;
  const facts = JSON.parse(document.getElementById("return-facts").textContent);
  const say = facts.say;
  const INVISIBLE = /[\p{Cc}\p{Cf}\p{Z}]/u;
  const GAP = "[ \\u00a0\\u2009\\u202f]"; // a blank between digits, one kind of them in a number
  const WHOLE = "\\d+|\\d{1,3}(?:,\\d{3})+|\\d{1,3}(" + GAP + ")\\d{3}(?:\\4\\d{3})*";
  const NUMBER = new RegExp("^([+-]?)¥?" + GAP + "*([+-]?)((?:" + WHOLE + ")(?:\\.\\d*)?)$");
  const PICTURE = /^=?(_xlfn\.)?DISPIMG\(/i;
  const MIDNIGHT = /[T\s]+0{1,2}:00(:00(\.0+)?)?$/;
  const DAY = /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$/;
  const limits = Object.fromEntries(
    Object.entries(facts.limits).map(function (pair) {
      return [pair[0], Number(pair[1])];
    }),
  );

  function byId(id) {
    return document.getElementById(id);
  }

  function fill(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, function (whole, name) {
      return name in values ? values[name] : whole;
    });
  }

  function exact(value) {
    return Math.round(value * 1e4) / 1e4;
  }

  /* --- the cells, in the order of the page; each with what is known of it --- */
  const cells = new Map();
  const order = [];
  const partsOf = new Map();
  const comparisonsWith = new Map();

  form.querySelectorAll("[id^='q-']").forEach(function (place) {
    const name = place.id.slice(2);
    const ids = name.split("-");
    const element = facts.elements[ids[0]];
    const cell = {
      name: name,
      element: element,
      elementId: ids[0],
      subject: facts.units[ids[1]] || "",
      known: facts.cells[name],
      whole: element.whole ? element.whole + "-" + ids[1] : "",
      place: order.length,
      box: place,
      told: null,
      topic: place.closest("[data-topic]").dataset.topic,
      inGrid: place.tagName === "TD",
    };
    cells.set(name, cell);
    order.push(cell);
    if (cell.whole) listAt(partsOf, cell.whole).push(cell);
  });
  facts.checks.forEach(function (check) {
    check.left.concat(check.right).forEach(function (name) {
      listAt(comparisonsWith, name).push(check);
    });
  });

  function listAt(map, key) {
    if (!map.has(key)) map.set(key, []);
    return map.get(key);
  }

  /* --- what stands in a cell: [typed, 不适用, note] --- */
  function control(cell) {
    return byId("f-" + cell.name);
  }
  function tick(cell) {
    return byId("na-" + cell.name);
  }
  function noteField(cell) {
    return byId("n-" + cell.name);
  }
  function isRadios(field) {
    return !("value" in field);
  }

  function typedIn(cell) {
    const field = control(cell);
    if (!isRadios(field)) return field.value;
    const chosen = field.querySelector("input:checked");
    return chosen ? chosen.value : "";
  }

  function isTicked(cell) {
    const box = cell.element.na && tick(cell);
    return Boolean(box && box.checked);
  }

  function state(cell) {
    const note = noteField(cell);
    return [typedIn(cell), isTicked(cell), note ? note.value : ""];
  }

  /* As the server gave out the page; where it gave back something unsaved, what is saved. */
  function savedAtFirst(cell) {
    if (facts.unsaved[cell.name]) return facts.unsaved[cell.name];
    const field = control(cell);
    const note = noteField(cell);
    let typed = field.defaultValue;
    if (field.tagName === "SELECT")
      typed = (Array.from(field.options).find((each) => each.defaultSelected) || { value: "" }).value;
    if (isRadios(field))
      typed = (Array.from(field.querySelectorAll("input")).find((each) => each.defaultChecked) || { value: "" }).value;
    return [typed, Boolean(cell.element.na && tick(cell).defaultChecked), note ? note.defaultValue : ""];
  }

  function setTyped(cell, typed) {
    const field = control(cell);
    if (!isRadios(field)) field.value = typed;
    else
      field.querySelectorAll("input").forEach(function (radio) {
        radio.checked = radio.value === typed;
      });
  }

  function setState(cell, wanted) {
    setTyped(cell, wanted[0]);
    if (cell.element.na) tick(cell).checked = wanted[1];
    if (wanted[2] && !noteField(cell)) makeNote(cell);
    if (noteField(cell)) noteField(cell).value = wanted[2];
  }

  /* --- reading: as institutions.numerals.number and reports.questions.answers.parse --- */
  function tidy(typed) {
    return half(trim(typed));
  }

  /* Without what nobody sees at either end. */
  function trim(typed) {
    const signs = Array.from(typed);
    let start = 0;
    let end = signs.length;
    while (start < end && INVISIBLE.test(signs[start])) start += 1;
    while (start < end && INVISIBLE.test(signs[end - 1])) end -= 1;
    return signs.slice(start, end).join("");
  }

  /* Full-width signs as ordinary ones; no other digit becomes one: ① is not 1, nor is ². */
  function half(typed) {
    return typed
      .replace(/[\uff01-\uff5e]/g, function (sign) {
        return String.fromCharCode(sign.charCodeAt(0) - 0xfee0);
      })
      .replace(/\u3000/g, " ")
      .replace(/\uffe5/g, "¥");
  }

  function bare(typed) {
    return typed.replace(/[\p{Cc}\p{Cf}\p{Z}]/gu, "");
  }

  /* The text up to its unit, however that is written: ㎡ or m2, with blanks or without. One that begins with a digit is
     set off by a blank: 81/10万 may be 8 or 81 of 1/10万. */
  function withoutUnit(text, unit) {
    const wanted = bare(unit.normalize("NFKC"));
    if (!wanted) return text;
    for (let start = Math.max(0, text.length - 2 * wanted.length - 2); start < text.length; start += 1)
      if (
        bare(text.slice(start).normalize("NFKC")) === wanted &&
        !/^[0-9]{2}$/.test(text.slice(Math.max(0, start - 1), start + 1))
      )
        return trim(text.slice(0, start));
    return text;
  }

  /* {value} or {error}; null where nothing is typed. */
  function read(cell, typed) {
    const text = tidy(typed);
    if (!text) return null;
    if (cell.element.kind === "number") return readNumber(cell.element, trim(typed));
    if (cell.element.kind === "date") return readDay(text);
    const words = cell.element.words;
    const word = Object.keys(words).find((each) => half(each).toLowerCase() === text.toLowerCase());
    return word ? { value: words[word] } : { error: cell.element.wrong };
  }

  function readNumber(element, shown) {
    const found = NUMBER.exec(withoutUnit(half(shown).replace(/。/g, "."), element.unit));
    if (!found || (found[1] && found[2])) return { error: unreadable(shown) };
    const digits = found[1] + found[2] + found[3].replace(/[^\d.]/g, "");
    const decimals = (digits.split(".")[1] || "").replace(/0+$/, "").length;
    const value = Number(digits);
    if (value < 0) return { error: say.negative };
    if (value >= limits.largest) return { error: say.too_large };
    if (decimals > element.places) return { error: element.places ? fill(say.places, element) : say.whole };
    return { value: value };
  }

  function unreadable(shown) {
    if (PICTURE.test(shown)) return say.picture;
    return fill(say.number, {
      typed: shown.length > limits.most_shown ? shown.slice(0, limits.most_shown) + "…" : shown,
    });
  }

  function readDay(text) {
    const day = bare(text.replace(MIDNIGHT, ""));
    if (facts.not_done.includes(day)) return { value: facts.not_done[0] };
    return DAY.test(day) ? { value: day.match(/\d+/g).map(Number).join("-") } : { error: say.bad_day };
  }

  /* Whether two states of a cell say the same, however it is written: 1,000 is 1000. */
  function same(cell, one, other) {
    return one[1] === other[1] && trim(one[2]) === trim(other[2]) && meant(cell, one[0]) === meant(cell, other[0]);
  }

  function meant(cell, typed) {
    const found = read(cell, typed);
    return found && "value" in found ? found.value : tidy(typed);
  }

  function numberIn(name) {
    const cell = cells.get(name);
    if (!cell || cell.element.kind !== "number" || isTicked(cell)) return null;
    const found = read(cell, typedIn(cell));
    return found && "value" in found ? found.value : null;
  }

  function plain(value, places) {
    return value.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  }

  function written(value, cell) {
    return withUnit(plain(value, cell.element.places), cell.element.unit);
  }

  function withUnit(text, unit) {
    return !unit ? text : unit === "%" ? text + unit : text + " " + unit;
  }

  /* --- checks --- */
  function errorOf(cell) {
    const found = read(cell, typedIn(cell));
    if (found && found.error) return found.error;
    const fault = faultIn(cell, Boolean(found));
    if (fault || !found) return fault;
    return cell.element.kind === "number" ? errorOfNumber(cell, found.value) : "";
  }

  /* How content, 不适用 and note do not go together, by the server's own table. */
  function faultIn(cell, isFilled) {
    const note = noteField(cell);
    const noted = note ? trim(note.value) : "";
    const length = Array.from(noted).length;
    if (length > limits.note_length) return fill(say.note_long, { most: limits.note_length, now: length });
    const stands = [isFilled, isTicked(cell), Boolean(noted), Boolean(cell.element.na)];
    const fault = facts.faults.find(function (each) {
      return stands.every(function (now, place) {
        return each[place + 1] === null || each[place + 1] === now;
      });
    });
    return fault ? say[fault[0]] : "";
  }

  function errorOfNumber(cell, value) {
    const limit = cell.whole ? numberIn(cell.whole) : null;
    const part = plain(value, cell.element.places);
    if (limit !== null && value > limit) {
      const whole = cells.get(cell.whole);
      return fill(say.part, { part: part, name: whole.element.name, whole: plain(limit, whole.element.places) });
    }
    const over = overOfficial(cell, value, true);
    if (over) return over;
    if (cell.known.floor !== undefined && value < Number(cell.known.floor)) {
      return fill(say.falls, { floor: written(Number(cell.known.floor), cell) });
    }
    return broken(cell, "hard")[0] || "";
  }

  function overOfficial(cell, value, ofYear) {
    const official = cell.known.official;
    if (!official || official[4] !== ofYear || value <= Number(official[1])) return "";
    const values = {
      part: plain(value, cell.element.places),
      name: official[0],
      whole: official[2],
      year: official[3],
    };
    return fill(ofYear ? say.official : say.official_before, values);
  }

  function broken(cell, severity) {
    return (comparisonsWith.get(cell.name) || [])
      .filter(function (check) {
        return check.left[0] === cell.name && check.severity === severity;
      })
      .map(sentenceOf)
      .filter(Boolean);
  }

  function sentenceOf(check) {
    const left = sum(check.left);
    let right = sum(check.right);
    if (left === null || right === null) return "";
    right = exact(Number(check.factor) * right + Number(check.number));
    const holds = {
      "<=": left <= right,
      "<": left < right,
      "=": left === right,
      ">=": left >= right,
      ">": left > right,
    };
    if (holds[check.operator]) return "";
    return fill(check.message, { left: amount(left, check.left_unit), right: amount(right, check.right_unit) });
  }

  function amount(value, unit) {
    return withUnit(value.toLocaleString("en-US", { maximumFractionDigits: 4 }), unit);
  }

  function sum(names) {
    let total = 0;
    for (const name of names) {
      const value = numberIn(name);
      if (value === null) return null;
      total += value;
    }
    return exact(total);
  }

  function hintsOf(cell) {
    const value = numberIn(cell.name);
    if (value === null) return [];
    const known = cell.known;
    const added = cell.element.how === "running" ? exact(value - Number(known.floor || 0)) : value;
    return [
      changed(cell, added, known.last, ""),
      changed(cell, added, known.year, "year_"),
      asLastQuarter(cell, value),
      overGoal(cell, added),
      overOfficial(cell, value, false),
    ]
      .concat(broken(cell, "soft"))
      .filter(Boolean);
  }

  function changed(cell, now, known, prefix) {
    if (known === undefined) return "";
    const before = Number(known);
    if (Math.max(now, before) < limits.smallest_compared || now === before) return "";
    if (before <= 0) return say[prefix + "from_zero"];
    const change = (now - before) / before;
    if (Math.abs(change) <= limits.large_change) return "";
    const values = { before: written(before, cell), percent: Math.round(Math.abs(change) * 100) };
    return fill(say[prefix + (change > 0 ? "rise" : "drop")], values);
  }

  function asLastQuarter(cell, value) {
    if (cell.element.how !== "flow" || cell.known.last === undefined) return "";
    if (value !== Number(cell.known.last) || value < limits.smallest_compared) return "";
    return fill(say.same, { before: written(value, cell) });
  }

  function overGoal(cell, added) {
    for (const goal of cell.known.goals || []) {
      const wanted = Number(goal[1]);
      const reached = exact(Number(goal[2]) + added);
      if (wanted >= limits.smallest_goal && reached > limits.most_of_goal * wanted) {
        return fill(say.too_much, {
          sum: written(reached, cell),
          name: goal[0],
          wanted: written(wanted, cell),
          percent: limits.most_percent,
        });
      }
    }
    return "";
  }

  /* --- saying so at the field --- */
  function line(cell, letter, style, text) {
    let found = byId(letter + "-" + cell.name);
    if (!found && !text) return;
    if (!found) {
      found = document.createElement("p");
      found.id = letter + "-" + cell.name;
      found.className = style;
      control(cell).closest("td").append(found);
    }
    if (found.textContent !== text) found.textContent = text;
    found.hidden = !text;
  }

  function tell(cell, error, hints) {
    line(cell, "m", "field-error", error);
    line(cell, "h", "field-verify", error ? "" : hints.join(" "));
    const field = control(cell);
    if (error) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    askNote(cell, !error && hints.length > 0);
  }

  /* A soft finding wants a word (核实说明), right there. */
  function askNote(cell, wanted) {
    if (cell.element.kind === "state") return;
    let field = noteField(cell);
    if (!field && !wanted) return;
    if (!field) field = makeNote(cell);
    const isShown = wanted || field.value !== "";
    if (!cell.element.na) {
      field.hidden = !isShown;
      return;
    }
    field.classList.toggle("is-written", isShown);
    field.placeholder = wanted ? say.explanation_hint : say.na_reason;
  }

  function makeNote(cell) {
    const field = document.createElement("input");
    field.className = "note";
    field.id = "n-" + cell.name;
    field.name = "note-" + cell.name;
    field.placeholder = say.explanation_hint;
    field.setAttribute("aria-label", cell.element.name + " " + say.explanation);
    control(cell).closest("td").append(field);
    return field;
  }

  /* While one types the page judges by itself; what the server said of an answer stands until it is changed. */
  function judge(cell) {
    const error = errorOf(cell);
    if (error || !cell.told) {
      tell(cell, error, error ? [] : hintsOf(cell));
      return;
    }
    tell(cell, cell.told.error || "", cell.told.hints || []);
  }

  function judgeAround(cell) {
    cell.told = null;
    judge(cell);
    (partsOf.get(cell.name) || []).forEach(function (part) {
      if (trim(typedIn(part))) judge(part);
    });
    (comparisonsWith.get(cell.name) || []).forEach(function (check) {
      const first = cells.get(check.left[0]);
      if (first && first !== cell && trim(typedIn(first))) judge(first);
    });
  }

  /* --- what is still empty, and what may be as last quarter --- */
  const blank = new Set();
  const waiting = new Map();

  function isBlank(cell) {
    return !trim(typedIn(cell)) && !isTicked(cell);
  }

  function waits(cell) {
    const note = noteField(cell);
    return cell.known.before !== undefined && isBlank(cell) && !(note && trim(note.value));
  }

  function isCarried(cell) {
    if (cell.known.before === undefined || isTicked(cell)) return false;
    const typed = tidy(typedIn(cell));
    return typed !== "" && meant(cell, typed) === meant(cell, cell.known.before);
  }

  function count(cell) {
    if (isBlank(cell)) blank.add(cell);
    else blank.delete(cell);
    if (cell.known.before === undefined) return;
    if (!waiting.has(cell.topic)) waiting.set(cell.topic, new Set());
    if (waits(cell)) waiting.get(cell.topic).add(cell);
    else waiting.get(cell.topic).delete(cell);
    markCarried(cell);
  }

  function markCarried(cell) {
    const box = control(cell).closest("td");
    let mark = box.querySelector(".carried");
    if (!isCarried(cell)) {
      if (mark) mark.remove();
      return;
    }
    if (mark) return;
    mark = document.createElement("small");
    mark.className = "carried";
    mark.textContent = say.carried;
    const typed = control(cell);
    (typed.closest(".typed") || typed).after(mark);
  }

  window.returnForm = {
    form: form,
    say: say,
    fill: fill,
    facts: facts,
    cells: cells,
    order: order,
    control: control,
    tick: tick,
    noteField: noteField,
    isRadios: isRadios,
    typedIn: typedIn,
    isTicked: isTicked,
    state: state,
    setState: setState,
    setTyped: setTyped,
    savedAtFirst: savedAtFirst,
    same: same,
    read: read,
    tidy: tidy,
    trim: trim,
    judge: judge,
    judgeAround: judgeAround,
    tell: tell,
    count: count,
    blank: blank,
    waiting: waiting,
    isBlank: isBlank,
  };
})();
