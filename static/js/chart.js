/* Draws every figure of the page: <div class="chart" data-figure="id of its JSON">. */
document.querySelectorAll(".chart[data-figure]").forEach(function (place) {
  const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
});
