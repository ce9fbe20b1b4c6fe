// The legend of a chart: a button for each series, which shows or hides it, with its
// value under the pointer.

const namedColours = ["http", "uwsgi", "fastcgi", "scgi", "ink"];

// colourName is the style variable of a colour; the data names none of its own.
function colourName(colour) {
  return namedColours.includes(colour) ? `--${colour}` : "--other";
}

function makeLegend(chart) {
  const list = document.createElement("ul");
  list.className = "legend";
  chart.entries = chart.panel.series.map((series, index) => {
    const entry = legendEntry(series);
    entry.button.addEventListener("click", () => showSeries(chart, index, !chart.shown[index]));
    entry.button.addEventListener("mouseenter", () => focusSeries(chart, index));
    entry.button.addEventListener("mouseleave", () => focusSeries(chart, null));
    return entry;
  });
  // What all cases have in common comes first.
  const common = chart.panel.series.map(({ axes }) => !axes);
  for (const is of [true, false]) {
    chart.entries.filter((_, index) => common[index] === is).forEach(({ button }) => {
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    });
  }
  return list;
}

function legendEntry(series) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", "true");
  const marker = drawnMark(series, undefined);
  // A custom property follows the theme by itself.
  marker.style.setProperty("--series", `var(${colourName(series.colour)})`);
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = series.label;
  const value = document.createElement("span");
  value.className = "value";
  // What is under the pointer is not part of what the button does.
  value.setAttribute("aria-hidden", "true");
  const says = document.createElement("small");
  button.append(marker, name, value, says);
  return { button, value, says };
}

// writeSaid writes what is to say of series as a whole beneath their names.
function writeSaid(chart) {
  chart.panel.series.forEach((series, index) => {
    chart.entries[index].says.textContent = series.says ?? "";
  });
  nameStage(chart.stage, chart.panel);
}

function showSeries(chart, index, show) {
  chart.shown[index] = show;
  chart.entries[index].button.setAttribute("aria-pressed", String(show));
  chart.columns.forEach((column, at) => {
    if (column.series === index) {
      chart.plot.setSeries(at, { show });
    }
  });
}

function focusSeries(chart, index) {
  const at = index === null ? null : chart.columns.findIndex((column) => column.series === index && column.part === "value");
  chart.plot.setSeries(at, { focus: true });
}

// writeValues shows what every series is at a place on the x axis; null for none.
function writeValues(chart, at) {
  const { panel, plot, columns, entries } = chart;
  columns.forEach((column, i) => {
    if (column.part === "value") {
      const value = at === null ? null : plot.data[i][at];
      entries[column.series].value.textContent = value === null || value === undefined ? "" : formatValue(panel.y, value);
    }
  });
  chart.place.textContent = at === null ? "" : `${panel.x.label}: ${formatValue(panel.x, plot.data[0][at])}`;
}

// valuesText says the same in a sentence, for screen readers.
function valuesText(chart, at) {
  const { panel, plot, columns, shown } = chart;
  const values = columns
    .map((column, i) => ({ ...column, i, value: plot.data[i][at] }))
    .filter(({ part, series, value }) => part === "value" && shown[series] && value !== null && value !== undefined)
    .map(({ series, i, value }) => `${panel.series[series].label} ${formatValue(panel.y, value)}${pointText(chart, i, at)}`);
  return `${panel.x.label} ${formatValue(panel.x, plot.data[0][at])}: ${values.join(", ") || "no values"}`;
}
