/* Saving by itself (自动保存): what was changed, two seconds after the last key, at the latest after eight, and when
   one leaves. Only the changed cells go out, each with what this page believes saved; where somebody else changed
   one meanwhile, it is asked here whose answer stands. One request at a time. */
(function () {
  "use strict";

  const page = window.returnForm;
  if (!page) return;
  const say = page.say;
  const PAUSE = 2000;
  const LONGEST = 8000;
  const AGAIN = 15000;
  const PATIENCE = 20000;
  const MOST_AT_ONCE = 400;
  const KEEPALIVE_BYTES = 60000;

  const saved = new Map();
  const changed = new Set();
  const refused = new Map(); // cells that the server could not read, as they then were
  const conflicts = new Map();
  const seen = page.form.elements.seen;
  const line = page.form.querySelector("[data-saving]");
  let timer = 0;
  let waitingSince = 0;
  let flight = null;
  let flying = new Map();
  let savedAt = "";
  let hasFailed = false;
  let isLeaving = false; // the whole form is on its way

  function savedOf(cell) {
    if (!saved.has(cell)) saved.set(cell, page.savedAtFirst(cell));
    return saved.get(cell);
  }

  function tell(words, isBad) {
    line.textContent = words;
    line.classList.toggle("is-bad", Boolean(isBad));
  }

  function tellSaved() {
    const open = refused.size + conflicts.size;
    tell(page.fill(open ? say.saved_but : say.saved, { time: savedAt, count: open }), open);
  }

  /* --- what is to be sent --- */
  function noteChange(cell) {
    const told = cell.box.querySelector(".by-other:not(.is-asked)");
    if (told) told.remove();
    note(cell);
  }

  function note(cell) {
    const now = page.state(cell);
    if (conflicts.has(cell) || page.same(cell, now, savedOf(cell))) changed.delete(cell);
    else if (!(refused.has(cell) && page.same(cell, now, refused.get(cell)))) changed.add(cell);
    if (!changed.size) return;
    if (!waitingSince) waitingSince = Date.now();
    wait(Math.min(PAUSE, Math.max(0, waitingSince + LONGEST - Date.now())));
  }

  function wait(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  function token() {
    return window.currentToken() || page.form.elements.csrfmiddlewaretoken.value;
  }

  function origin() {
    const field = page.form.elements.origin;
    return field ? field.value : "";
  }

  /* A promise that is kept whatever happens; nothing to send is kept at once. */
  function send() {
    clearTimeout(timer);
    if (flight) return flight;
    if (!changed.size || isLeaving) return Promise.resolve();
    const cells = Array.from(changed).slice(0, MOST_AT_ONCE);
    const states = new Map(
      cells.map(function (cell) {
        return [cell, page.state(cell)];
      }),
    );
    const body = JSON.stringify({
      seen: seen.value,
      origin: origin(),
      cells: cells.map(function (cell) {
        return [cell.name, states.get(cell), savedOf(cell)];
      }),
    });
    waitingSince = 0;
    hasFailed = false;
    flying = states;
    tell(say.saving);
    flight = fetch(page.form.dataset.return, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: body,
      keepalive: body.length < KEEPALIVE_BYTES / 3,
      signal: AbortSignal.timeout(PATIENCE),
    })
      .then(
        function (answer) {
          return took(answer, states);
        },
        function () {
          failed(say.offline, true);
        },
      )
      .finally(function () {
        flight = null;
        flying = new Map();
        if (!hasFailed && changed.size) note(changed.values().next().value);
      });
    return flight;
  }

  function failed(words, again) {
    hasFailed = true;
    tell(words, true);
    if (again) wait(AGAIN);
  }

  function took(answer, states) {
    if (answer.status === 401 || answer.status === 403) {
      failed(say.expired, true);
      return undefined;
    }
    if (!answer.ok && answer.status !== 409) {
      failed(say.failed, true);
      return undefined;
    }
    return answer.json().then(
      function (told) {
        if (!answer.ok) {
          failed(told.sentence);
          return;
        }
        seen.value = told.seen;
        states.forEach(function (state, cell) {
          tookCell(cell, state, told.cells[cell.name] || {});
        });
        if (told.all) hear(told.all, states);
        savedAt = told.at;
        tellSaved();
      },
      function () {
        failed(say.failed, true);
      },
    );
  }

  function tookCell(cell, state, told) {
    changed.delete(cell);
    if (told.theirs) {
      ask(cell, told.theirs);
      return;
    }
    const isAsSent = page.same(cell, page.state(cell), state);
    if (told.unread) refused.set(cell, state);
    else {
      saved.set(cell, state);
      refused.delete(cell);
    }
    if (!isAsSent) {
      changed.add(cell);
      return;
    }
    cell.told = told.error || told.hints ? told : null;
    page.judge(cell);
  }

  /* --- others at the same return --- */
  function hear(all, sent) {
    page.order.forEach(function (cell) {
      const theirs = all[cell.name];
      if (!theirs || sent.has(cell) || conflicts.has(cell) || page.same(cell, theirs, savedOf(cell))) return;
      if (!page.same(cell, page.state(cell), savedOf(cell))) return; // when it is sent it comes back as a conflict
      take(cell, theirs);
      mark(cell, page.fill(say.updated, { what: theirs[3] }));
    });
  }

  function take(cell, theirs) {
    saved.set(cell, theirs.slice(0, 3));
    refused.delete(cell);
    page.setState(cell, theirs);
    page.judgeAround(cell);
    page.summed(cell);
  }

  function mark(cell, words) {
    const old = cell.box.querySelector(".by-other");
    if (old) old.remove();
    const found = document.createElement("p");
    found.className = "by-other";
    found.textContent = words;
    page.control(cell).closest("td").append(found);
    return found;
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function ask(cell, theirs) {
    const asked = mark(cell, page.fill(say.conflict, { what: theirs[3] }));
    asked.classList.add("is-asked");
    conflicts.set(cell, asked);
    asked.append(
      " ",
      button(say.use_theirs, function () {
        settle(cell);
        take(cell, theirs);
      }),
      " ",
      button(say.use_mine, function () {
        settle(cell);
        saved.set(cell, theirs.slice(0, 3));
        note(cell);
        send();
      }),
    );
  }

  function settle(cell) {
    conflicts.get(cell).remove();
    conflicts.delete(cell);
    if (savedAt) tellSaved();
    else tell("");
    page.go(cell);
  }

  function toSettle() {
    if (!conflicts.size) return false;
    tell(page.fill(say.choose_first, { count: conflicts.size }), true);
    conflicts.values().next().value.querySelector("button").focus();
    return true;
  }

  /* --- leaving --- */
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") send();
  });
  window.addEventListener("pagehide", send);
  window.addEventListener("blur", send);
  page.form.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !page.form.contains(event.relatedTarget)) send();
  });

  /* Typed since the request under way went out. */
  function isBehind() {
    return Array.from(changed).some(function (cell) {
      return !flying.has(cell) || !page.same(cell, page.state(cell), flying.get(cell));
    });
  }

  window.addEventListener("beforeunload", function (event) {
    if (!flight) send();
    if (isLeaving || !(hasFailed || conflicts.size || refused.size || isBehind())) return;
    event.preventDefault();
    event.returnValue = "";
  });

  /* Handing in takes what the page shows: first let the request under way come back, and the questions be settled. */
  page.form.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;
    if (toSettle()) {
      event.preventDefault();
      return;
    }
    clearTimeout(timer);
    if (flight) {
      const pressed = event.submitter;
      event.preventDefault();
      flight.then(function () {
        page.form.requestSubmit(pressed);
      });
      return;
    }
    isLeaving = true;
  });

  Object.keys(page.facts.others).forEach(function (name) {
    ask(page.cells.get(name), page.facts.others[name]);
  });
  page.noteChange = noteChange;
  page.noteUnsaved = note;
  page.saveNow = send;
})();
