/* The reviewer's keys. Everything that they do has its link or button on the page; nothing fires while one types. */
(function () {
  "use strict";
  const help = document.querySelector("[data-keys]");
  const links = Array.from(document.querySelectorAll("[data-list] tbody th a"));
  const stops = links.length ? links : Array.from(document.querySelectorAll("[data-flagged]"));
  let at = -1;

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function move(step) {
    const here = stops.indexOf(document.activeElement);
    at = Math.max(0, Math.min(stops.length - 1, (here < 0 ? at : here) + step));
    if (stops[at]) {
      stops[at].focus();
      stops[at].scrollIntoView({ block: "center" });
    }
  }

  function use(key) {
    const target = document.querySelector('[data-key="' + key + '"]');
    if (!target) {
      return;
    }
    if (target.tagName === "A") {
      target.click();
    } else {
      target.focus();
    }
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) {
      return;
    }
    const key = event.key;
    if (key === "j" || key === "k" || (links.length && (key === "ArrowDown" || key === "ArrowUp"))) {
      move(key === "j" || key === "ArrowDown" ? 1 : -1);
    } else if (key === "?" || key === "？") {
      help.hidden = !help.hidden;
    } else if (/^[arnpu]$/.test(key)) {
      use(key);
    } else {
      return;
    }
    event.preventDefault();
  });

  if (help) {
    help.hidden = false;
  }

  /* The button of a batch says how many it will approve. */
  const batch = document.querySelector("form.batch");
  if (batch) {
    const button = batch.querySelector("[data-count]");
    const count = function () {
      const ticked = batch.querySelectorAll("input[name=round]:checked").length;
      button.textContent = button.dataset.count.replace("{count}", ticked);
      button.disabled = !ticked;
    };
    batch.addEventListener("change", count);
    batch.addEventListener("submit", function () {
      button.textContent = button.dataset.busy;
    });
    count();
  }
})();
