/* Every form goes out with the token that holds now: another window may have logged in since this page was opened. */
(function () {
  "use strict";

  window.currentToken = function () {
    const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    return found ? decodeURIComponent(found[1]) : "";
  };

  document.addEventListener("submit", function (event) {
    const field = event.target.elements.namedItem("csrfmiddlewaretoken");
    if (field) field.value = window.currentToken() || field.value;
  });
})();
