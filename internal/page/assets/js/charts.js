// Charts that answer to the pointer and the keyboard, in place of the static
// drawings, which stay in the page: for print, and for when a chart fails.

const liveCharts = [];

function startCharts() {
  const source = document.getElementById("charts");
  const { charts = {} } = (source && JSON.parse(source.textContent)) || {};
  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    // Names are those of this object alone, not of what it inherits.
    if (Object.hasOwn(charts, figure.dataset.chart)) {
      replaceDrawing(figure, charts[figure.dataset.chart].panels);
    }
  }
  document.addEventListener("themechange", () => liveCharts.forEach(({ plot }) => plot.redraw(false)));
  document.addEventListener("caseschosen", (event) => liveCharts.forEach((chart) => showChosen(chart, event.detail)));
}

function replaceDrawing(figure, panels) {
  const box = document.createElement("div");
  box.className = "charts";
  figure.insertBefore(box, figure.querySelector(".wide, .narrow, figcaption"));
  figure.classList.add("charted");
  const drawn = [];
  try {
    for (const panel of panels) {
      drawn.push(makeChart(box, panel));
    }
    liveCharts.push(...drawn);
  } catch (error) {
    console.error(error);
    drawn.forEach(({ plot }) => plot.destroy());
    box.remove();
    figure.classList.remove("charted");
  }
}

function makeChart(box, panel) {
  const root = element("div", "chart");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", panel.title);
  const title = element("p", "chart-title");
  title.textContent = panel.title;
  const notes = element("div", "chart-notes");
  const stage = element("div", "stage");
  stage.tabIndex = 0;
  stage.setAttribute("role", "img");
  const chart = { panel, stage, notes, shown: panel.series.map(() => true), place: element("p", "place"), status: element("p", "unseen"), tip: element("div", "tip"), key: element("ul", "key") };
  chart.status.setAttribute("role", "status");
  const bar = element("div", "chart-bar");
  chart.reset = barButton("Reset zoom", () => resetZoom(chart));
  chart.reset.disabled = true;
  const buttons = element("div", "chart-buttons");
  buttons.append(...allButtons(chart), chart.reset);
  bar.append(chart.place, buttons);
  root.append(title, notes, stage, bar, chart.key, makeLegend(chart), chart.status);
  writeNotes(chart);
  writeKey(chart);
  writeSaid(chart);
  box.append(root);

  const { columns, data } = aligned(panel);
  chart.columns = columns;
  chart.plot = new uPlot(plotOptions(chart, stage), data, stage);
  chart.plot.over.append(chart.tip);
  stage.addEventListener("keydown", (event) => chartKeys(chart, event));
  // uPlot itself shows everything again after a double click.
  chart.plot.over.addEventListener("dblclick", () => zoomed(chart, false));
  new ResizeObserver(() => fit(chart, stage)).observe(stage);
  return chart;
}

// writeNotes says beneath the title what else there is to say.
function writeNotes({ panel, notes }) {
  notes.replaceChildren(...(panel.notes ?? []).map((text) => {
    const note = element("p", "");
    note.textContent = text;
    return note;
  }));
}

// nameStage says in words what the chart shows.
function nameStage(stage, panel) {
  const says = panel.series.filter(({ says }) => says).map(({ label, says }) => `${label}: ${says}.`);
  stage.setAttribute("aria-label", [`${panel.title}: ${panel.y.label} over ${panel.x.label}.`, ...says, "The arrow keys read values, plus and minus zoom."].join(" "));
}

function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function barButton(text, action) {
  const button = element("button", "plain");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", action);
  return button;
}

// allButtons are for charts in which one button for each series is many.
function allButtons(chart) {
  const many = 4;
  if (chart.panel.series.length <= many) {
    return [];
  }
  const all = (show) => () => chart.shown.forEach((_, index) => showSeries(chart, index, show));
  return [barButton("Show all", all(true)), barButton("Hide all", all(false))];
}

// zoomed lets the zoom be reset where there is one.
function zoomed(chart, is) {
  chart.reset.disabled = !is;
}

function fit(chart, stage) {
  const { width, height } = sizeOf(chart.panel, stage);
  if (width > 0 && width !== chart.plot.width) {
    chart.plot.setSize({ width, height });
  }
}

function sizeOf(panel, stage) {
  const width = Math.floor(stage.clientWidth);
  return { width, height: Math.round(Math.min(380, Math.max(240, width * 0.5))) + ruleRow * ruled(panel).length };
}

function plotOptions(chart, stage) {
  const { panel, columns } = chart;
  return {
    ...sizeOf(panel, stage),
    legend: { show: false },
    scales: { x: scaleOptions({ ...panel.x, min: undefined, max: undefined }, pointwise(panel) ? 0.04 : 0, (u, low, high) => wholeRange(panel, u, low, high)), y: scaleOptions(panel.y, 0.06) },
    axes: [axisOptions(panel.x, 2), axisOptions(panel.y, 3)],
    series: columns.map((column) => (column.part === "x" ? {} : seriesOptions(chart, column))),
    bands: bandsOf(panel, columns),
    cursor: {
      drag: { x: true, y: true, uni: 24 },
      // Of points the nearest is another than that of the nearest x.
      focus: { prox: pointwise(panel) ? -1 : 24 },
      points: { size: (_, at) => (columns[at].part === "value" ? 8 : 0) },
    },
    focus: { alpha: 0.3 },
    padding: [8 + ruleRow * ruled(panel).length, 28, 0, 0], // half of the last name below the x axis
    hooks: {
      drawAxes: [(u) => drawRules(chart, u)],
      draw: [(u) => drawFits(chart, u)],
      setCursor: [() => pointed(chart)],
      setSeries: [(_, at, options) => focused(chart, at, options)],
      setSelect: [({ select }) => zoomed(chart, select.width > 0 || select.height > 0)],
    },
  };
}

// wholeRange takes rules and the bounds of the axis in where it shows all data; a zoom is
// what it is.
function wholeRange(panel, u, low, high) {
  const x = u.data[0];
  const [least, most] = rulesRange(panel, low, high);
  return low === x[0] && high === x[x.length - 1] ? [panel.x.min ?? least, panel.x.max ?? most] : [low, high];
}

function axisOptions(axis, side) {
  const size = 12;
  const font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const ticks = (u, min, max) => {
    const length = (side === 2 ? u.width : u.height) || 300;
    return axisTicks(axis, min, max, Math.max(2, Math.floor(length / (side === 2 ? 90 : 50))));
  };
  return {
    side,
    label: axis.label,
    labelFont: font,
    labelSize: 22,
    font,
    stroke: () => colour("--ink"),
    grid: { stroke: () => colour("--faint"), width: 1 },
    ticks: { stroke: () => colour("--faint"), width: 1, size: 5 },
    size: side === 2 ? 28 : (_, texts) => 14 + 7 * Math.max(1, ...(texts ?? []).map((text) => text.length)),
    splits: (u, _, min, max) => ticks(u, min, max).map(({ value }) => value),
    // Without this uPlot leaves out what it finds crowded on its own logarithmic axes.
    filter: (_, splits) => splits,
    values: (u, splits) => {
      const scale = u.scales[side === 2 ? "x" : "y"];
      const texts = new Map(ticks(u, scale.min, scale.max).map(({ value, text }) => [value, text]));
      return splits.map((value) => texts.get(value) ?? "");
    },
  };
}

function seriesOptions(chart, { series: index, part }) {
  const series = chart.panel.series[index];
  const stroke = () => colour(colourName(series.colour));
  if (part !== "value") {
    return { stroke: "transparent", width: 0, points: { show: false } };
  }
  // Thin lines are behind others until one of them is pointed at.
  const faded = () => (chart.focus === index ? stroke() : `color-mix(in srgb, ${stroke()} 55%, transparent)`);
  return {
    label: series.label,
    stroke: series.thin ? faded : stroke,
    width: series.thin ? 1 : 2,
    dash: dashesOf(series),
    ...(series.points ? { paths: () => null } : {}),
    ...(series.kinds && !series.points ? { paths: (u, at) => joinedPath(chart, u, at) } : {}),
    points: {
      show: true,
      size: 7,
      width: 1.5,
      stroke,
      fill: stroke,
      filter: (u, at) => markedPoints(chart, u, at),
      paths: (u, at, from, to, chosen) => markPaths(chart, u, at, chosen),
    },
  };
}

// dashesOf is the pattern of a line; undefined for a solid one.
function dashesOf(series) {
  return series.dashes ?? (series.dashed ? [6, 4] : undefined);
}

// bandsOf are the areas between low and high, which stand next to each other.
function bandsOf(panel, columns) {
  return columns.flatMap((column, at) => {
    if (column.part !== "high") {
      return [];
    }
    return [{ series: [at, at - 1], fill: () => `color-mix(in srgb, ${colour(colourName(panel.series[column.series].colour))} 18%, transparent)` }];
  });
}

// colour reads a variable of the style, which knows the theme. A canvas knows none.
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "gray";
}

function pointed(chart) {
  if (!chart.plot) {
    return;
  }
  const { left, idx } = chart.plot.cursor;
  writeValues(chart, left < 0 || idx === undefined ? null : idx);
  if (pointwise(chart.panel)) {
    const near = left < 0 ? null : nearestPoint(chart);
    const index = near && chart.columns[near.at].series;
    chart.near = near;
    if (index !== (chart.focus ?? null)) {
      focusSeries(chart, index);
    }
  }
  placeTip(chart);
}

function focused(chart, at, options) {
  if (!chart.plot || options.focus === undefined) {
    return;
  }
  const index = at === null ? null : chart.columns[at].series;
  chart.focus = index ?? null;
  chart.entries.forEach(({ button }, i) => button.classList.toggle("focus", i === chart.focus));
  placeTip(chart);
}

// placeTip names the series next to the pointer.
function placeTip(chart) {
  const { plot, tip, panel, focus, near } = chart;
  const { left, top } = plot.cursor;
  const at = near?.at ?? chart.columns.findIndex((column) => column.series === focus && column.part === "value");
  const idx = near?.idx ?? plot.cursor.idx;
  const value = at < 0 || idx === null || idx === undefined ? null : plot.data[at][idx];
  const known = value !== null && value !== undefined;
  const rule = known ? null : ruleAt(chart, left);
  tip.hidden = !(left >= 0) || !(known || rule);
  if (tip.hidden) {
    return;
  }
  if (rule) {
    tip.textContent = `${rule.label}: ${rule.says}`;
  } else {
    const { label, fit, says } = panel.series[chart.columns[at].series];
    const where = pointwise(panel) ? `, ${panel.x.label} ${formatValue({ ...panel.x, unit: "" }, plot.data[0][idx])}` : "";
    tip.textContent = `${label}: ${formatValue(panel.y, value)}${where}${pointText(chart, at, idx)}${fit ? `; ${says}` : ""}`;
  }
  const fits = left + 12 + tip.offsetWidth <= plot.over.clientWidth;
  tip.style.left = `${fits ? left + 12 : Math.max(0, left - 12 - tip.offsetWidth)}px`;
  tip.style.top = `${Math.max(0, top - 12 - tip.offsetHeight)}px`;
}

// showChosen shows the series whose case has the chosen values; one that knows
// nothing of an axis stays.
function showChosen(chart, chosen) {
  chart.panel.series.forEach(({ axes = {} }, index) => {
    const show = [...chosen].every(([axis, value]) => !Object.hasOwn(axes, axis) || axes[axis] === value);
    if (show !== chart.shown[index]) {
      showSeries(chart, index, show);
    }
  });
}
