/* Help while a return is typed. The page works without it; the server checks everything again, in the same words. */
(function () {
  "use strict";

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  const form = document.querySelector("form[data-return]");
  if (!form) return;
  const say = JSON.parse(document.getElementById("sentences").textContent);
  const NUMBER = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?$/;
  const SMALLEST_COMPARED = 10;
  const LARGE_CHANGE = 0.3;
  let dirty = false;

  function fill(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }

  /* As institutions.numerals.number: full-width digits, separators, the unit behind. null: nothing typed. */
  function read(field) {
    const text = field.value.normalize("NFKC").trim();
    if (!text) return null;
    let bare = text.replace(/\s+/g, "").replace(/。/g, ".").replace(/^¥/, "");
    const unit = (field.dataset.unit || "").normalize("NFKC");
    if (unit && bare.endsWith(unit)) bare = bare.slice(0, -unit.length);
    if (!NUMBER.test(bare)) return { error: fill(say.number, { typed: text }) };
    bare = bare.replace(/,/g, "");
    const decimals = ((bare.split(".")[1] || "").replace(/0+$/, "")).length;
    const places = Number(field.dataset.places);
    const value = Number(bare);
    if (value < 0) return { error: say.negative };
    if (decimals > places) return { error: places ? fill(say.places, { places: places }) : say.whole };
    return { value: value };
  }

  function written(value, field) {
    const places = Number(field.dataset.places);
    return value.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  }

  function value(field) {
    const found = field ? read(field) : null;
    return found && "value" in found ? found.value : null;
  }

  function nameOf(field) { return field.id.slice(2); }
  function tick(name) { return document.getElementById("na-" + name); }
  function isTicked(name) { const box = tick(name); return Boolean(box && box.checked); }

  function errorOf(field) {
    const name = nameOf(field);
    if (isTicked(name)) return field.value.trim() ? say.both : "";
    const found = read(field);
    if (!found) return "";
    if (found.error) return found.error;
    const whole = field.dataset.whole ? document.getElementById("f-" + field.dataset.whole) : null;
    const limit = value(whole);
    if (limit !== null && found.value > limit) {
      return fill(say.part, { part: written(found.value, field), name: whole.dataset.name, whole: written(limit, whole) });
    }
    if (field.dataset.floor && found.value < Number(field.dataset.floor)) {
      return fill(say.falls, { floor: field.dataset.floorText });
    }
    return "";
  }

  function hintOf(field) {
    if (field.dataset.last === undefined || isTicked(nameOf(field))) return "";
    const now = value(field);
    if (now === null) return "";
    const added = "running" in field.dataset ? now - Number(field.dataset.floor || 0) : now;
    const before = Number(field.dataset.last);
    if (Math.max(added, before) < SMALLEST_COMPARED || added === before) return "";
    if (before <= 0) return say.from_zero;
    const change = (added - before) / before;
    if (Math.abs(change) <= LARGE_CHANGE) return "";
    return fill(change > 0 ? say.rise : say.drop, {
      before: field.dataset.lastText,
      percent: Math.round(Math.abs(change) * 100)
    });
  }

  function tell(field, error, hint) {
    const name = nameOf(field);
    const errorLine = document.getElementById("m-" + name);
    const hintLine = document.getElementById("h-" + name);
    errorLine.textContent = error;
    errorLine.hidden = !error;
    hintLine.textContent = hint;
    hintLine.hidden = !hint || Boolean(error);
    if (error) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  function checkNumber(field) {
    const error = errorOf(field);
    tell(field, error, error ? "" : hintOf(field));
  }

  function checkReason(name) {
    const reason = document.getElementById("n-" + name);
    const line = document.getElementById("m-" + name);
    if (!isTicked(name) || !reason) return;
    const field = document.getElementById("f-" + name);
    const error = field && field.value && field.value.trim() ? say.both : reason.value.trim() ? "" : say.reason;
    line.textContent = error;
    line.hidden = !error;
  }

  function numbers() { return form.querySelectorAll("input[data-places]"); }

  function checkAround(field) {
    checkNumber(field);
    const name = nameOf(field);
    numbers().forEach(function (other) {
      if (other.dataset.whole === name && other.value.trim()) checkNumber(other);
    });
  }

  function isAnswered(question) {
    const name = question.dataset.question;
    if (isTicked(name)) return true;
    const field = document.getElementById("f-" + name);
    if (field && "value" in field) return field.value.trim() !== "";
    const chosen = question.querySelector("input[type=radio]:checked");
    return Boolean(chosen && chosen.value);
  }

  const questions = Array.from(form.querySelectorAll("[data-question]"));
  const left = form.querySelector("[data-left]");
  const nextBlank = form.querySelector("[data-next-blank]");

  function count() {
    const blank = questions.filter(function (question) { return !isAnswered(question); }).length;
    left.textContent = blank ? fill(say.left, { count: blank }) : say.filled;
    nextBlank.hidden = blank === 0;
  }

  function goToNextBlank() {
    const here = questions.findIndex(function (question) { return question.contains(lastFocused); });
    const order = questions.slice(here + 1).concat(questions.slice(0, here + 1));
    const question = order.find(function (each) { return !isAnswered(each); });
    if (!question) return;
    const field = question.querySelector("input:not([type=checkbox]), select");
    question.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  }

  /* Enter goes on to the next field instead of sending the form off. */
  function goOn(event) {
    const target = event.target;
    if (event.key !== "Enter" || target.matches("textarea, button, summary, a")) return;
    event.preventDefault();
    const fields = Array.from(form.querySelectorAll("input[data-places], input[data-day], select, input[type=radio]:checked, textarea, .na-tick:checked ~ .na-reason"));
    const next = fields[fields.indexOf(target) + 1];
    if (next) { next.focus(); if (next.select) next.select(); }
  }

  /* Empty cells of a column as last quarter, or with its usual answer. Nothing typed is touched. */
  function fillColumn(button) {
    form.querySelectorAll("[id^='f-" + button.dataset.fill + "-']").forEach(function (field) {
      const answer = button.dataset.fillWith || field.dataset.before;
      if (!answer || field.value.trim() || isTicked(nameOf(field))) return;
      field.value = answer;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  form.querySelectorAll("[data-fill]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { fillColumn(button); });
  });

  let lastFocused = null;
  form.addEventListener("focusin", function (event) {
    if (event.target.closest("[data-question]")) lastFocused = event.target;
  });

  form.addEventListener("input", function (event) {
    const field = event.target;
    dirty = true;
    if (field.dataset.places !== undefined) {
      const found = read(field);
      if (!(found && found.error)) checkAround(field);
    } else if (field.matches(".na-reason, .na-tick, textarea")) {
      const name = field.id.replace(/^(na|n)-/, "");
      const number = document.getElementById("f-" + name);
      if (number && number.dataset.places !== undefined) checkNumber(number);
      checkReason(name);
    } else if (field.matches("select, input[type=radio]")) {
      const question = field.closest("[data-question]");
      const line = document.getElementById("m-" + question.dataset.question);
      line.hidden = true;
      line.textContent = "";
      const shown = document.getElementById("f-" + question.dataset.question);
      if (shown) shown.removeAttribute("aria-invalid");
    }
    count();
  });

  form.addEventListener("change", function (event) {
    if (event.target.dataset.places !== undefined) checkAround(event.target);
  });
  form.addEventListener("keydown", goOn);
  form.addEventListener("submit", function () { dirty = false; });
  nextBlank.addEventListener("click", goToNextBlank);
  window.addEventListener("beforeunload", function (event) {
    if (!dirty) return;
    event.preventDefault();
    event.returnValue = "";
  });

  const summary = document.getElementById("summary");
  if (summary) { dirty = true; summary.focus(); }
  count();
})();
