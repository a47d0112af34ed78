/* A copy button for a text area; without scripts the text is selected by hand. */
document.querySelectorAll("[data-copy]").forEach(function (button) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", function () {
    field.select();
    /* The clipboard interface is missing on plain http, where most bureaus run. */
    const done = navigator.clipboard ? navigator.clipboard.writeText(field.value) : Promise.reject();
    done
      .catch(function () {
        document.execCommand("copy");
      })
      .then(function () {
        button.textContent = button.dataset.done;
      });
  });
});
