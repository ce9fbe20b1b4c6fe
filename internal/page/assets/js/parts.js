// Parts of a page that change: a server that watches a run says so with an event
// "partschange" of {parts: [{id, html}], charts}. How tables are sorted and filtered,
// and what is open, stays.

function startParts() {
  document.addEventListener("partschange", ({ detail: { parts, charts } }) => {
    for (const { id, html } of parts) {
      const part = document.querySelector(`[data-part="${CSS.escape(id)}"]`);
      if (part) {
        changePart(part, html);
      }
    }
    changeCharts(charts.charts);
  });
}

function changePart(part, html) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html; // made by the server, which escapes what is not its own
  const names = (root) => [...root.querySelectorAll("figure[data-chart]")].map(({ dataset }) => dataset.chart).join(" ");
  if (names(part) !== "" && names(part) === names(fresh)) {
    return; // charts get new data, not new frames
  }
  const was = { open: openDetails(part), sorted: sortedBy(part), chosen: chosenBy(part), focus: focusIn(part) };
  dropCharts(part);
  part.replaceChildren(...fresh.childNodes);
  part.querySelectorAll("table.sortable").forEach(makeSortable);
  for (const box of part.querySelectorAll(".filters[data-for]")) {
    makeFilters(box, document.getElementById(box.dataset.for));
  }
  openAgain(part, was.open);
  chooseAgain(part, was.chosen);
  sortAgain(part, was.sorted);
  focusAgain(part, was.focus);
}

function openDetails(part) {
  return [...part.querySelectorAll("details")].map(({ open }) => open);
}

function openAgain(part, open) {
  part.querySelectorAll("details").forEach((one, i) => {
    one.open = open[i] ?? one.open;
  });
}

function sortedBy(part) {
  return [...part.querySelectorAll("table.sortable[id] th[aria-sort]")].map((heading) => ({
    table: heading.closest("table").id,
    column: heading.cellIndex,
    descending: heading.getAttribute("aria-sort") === "descending",
  }));
}

function sortAgain(part, sorted) {
  for (const { table: id, column, descending } of sorted) {
    const table = part.querySelector(`#${CSS.escape(id)}`);
    const heading = table?.tHead?.rows[0]?.cells[column];
    if (heading) {
      sortBy(table, heading);
      if (descending) {
        sortBy(table, heading);
      }
    }
  }
}

function chosenBy(part) {
  return [...part.querySelectorAll(".filters[data-for]")].map((box) => ({
    table: box.dataset.for,
    values: [...box.querySelectorAll("select")].map((select) => select.selectedOptions[0]?.text),
    checked: [...box.querySelectorAll("input[type=checkbox]")].map((input) => input.checked),
  }));
}

function chooseAgain(part, chosen) {
  for (const { table, values, checked } of chosen) {
    const box = part.querySelector(`.filters[data-for="${CSS.escape(table)}"]`);
    box?.querySelectorAll("select").forEach((select, i) => {
      const at = [...select.options].findIndex(({ text }) => text === values[i]);
      if (at > 0) {
        select.selectedIndex = at;
        select.dispatchEvent(new Event("change"));
      }
    });
    box?.querySelectorAll("input[type=checkbox]").forEach((input, i) => {
      if (checked[i]) {
        input.click();
      }
    });
  }
}

// focusIn finds the place of what has the focus, which would else be lost.
function focusIn(part) {
  return part.contains(document.activeElement) ? focusable(part).indexOf(document.activeElement) : -1;
}

function focusAgain(part, at) {
  focusable(part)[at]?.focus({ preventScroll: true });
}

function focusable(part) {
  return [...part.querySelectorAll("a[href], button, select, input, summary, [tabindex]")];
}

// changeCharts gives charts their new data. One whose series are others is made anew.
function changeCharts(charts) {
  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    if (Object.hasOwn(charts, figure.dataset.chart)) {
      changeChart(figure, charts[figure.dataset.chart].panels);
    }
  }
  shownBefore.clear(); // by the next change the reader may have chosen anew
}

function changeChart(figure, panels) {
  const drawn = chartsIn(figure);
  const names = (list) => JSON.stringify(list.map(({ title, series }) => [title, series.map(({ label, low, rule }) => [label, Boolean(low), Boolean(rule)])]));
  if (drawn.length > 0 && names(drawn.map(({ panel }) => panel)) === names(panels)) {
    drawn.forEach((chart, i) => changeData(chart, panels[i]));
    return;
  }
  dropCharts(figure);
  figure.querySelector(".charts")?.remove();
  figure.classList.remove("charted");
  replaceDrawing(figure, panels);
  for (const chart of chartsIn(figure)) {
    showAgain(chart);
  }
}

function chartsIn(root) {
  return liveCharts.filter(({ plot }) => root.contains(plot.root));
}

// shownBefore remembers of the series of charts that are gone whether they were shown.
const shownBefore = new Map();

const seriesKey = (panel, series) => JSON.stringify([panel.title, panel.y.label, series.label]);

// dropCharts ends the charts within an element that is about to change.
function dropCharts(root) {
  for (const chart of chartsIn(root)) {
    chart.panel.series.forEach((series, index) => shownBefore.set(seriesKey(chart.panel, series), chart.shown[index]));
    liveCharts.splice(liveCharts.indexOf(chart), 1);
    chart.plot.destroy();
  }
}

// showAgain hides of a chart that was made anew what was hidden before, and of what was
// not there what the filters hide.
function showAgain(chart) {
  showChosen(chart, casesChosen);
  chart.panel.series.forEach((series, index) => {
    const show = shownBefore.get(seriesKey(chart.panel, series)) ?? chart.shown[index];
    if (show !== chart.shown[index]) {
      showSeries(chart, index, show);
    }
  });
}

function changeData(chart, panel) {
  const { columns, data } = aligned(panel);
  Object.assign(chart, { panel, columns, near: null });
  writeNotes(chart);
  writeKey(chart);
  writeSaid(chart);
  const zoomedIn = !chart.reset.disabled;
  chart.plot.setData(data, !zoomedIn);
  if (zoomedIn) {
    chart.plot.redraw(); // which uPlot does by itself only where it shows everything
  }
}
