// What a chart does at the keyboard: the arrows walk through its values, plus and
// minus zoom, Escape shows everything.

function chartKeys(chart, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const [first, last] = inSight(chart.plot);
  const at = chart.plot.cursor.idx ?? null;
  const stride = event.shiftKey ? 10 : 1;
  const does = {
    ArrowLeft: () => moveTo(chart, at === null ? last : Math.max(first, at - stride)),
    ArrowRight: () => moveTo(chart, at === null ? first : Math.min(last, at + stride)),
    Home: () => moveTo(chart, first),
    End: () => moveTo(chart, last),
    "+": () => zoomBy(chart, 0.5),
    "=": () => zoomBy(chart, 0.5),
    "-": () => zoomBy(chart, 2),
    Escape: () => resetZoom(chart),
  }[event.key];
  if (does) {
    event.preventDefault();
    does();
  }
}

// inSight are the first and the last value that the zoom shows; the cursor leaves the
// chart where it is put beyond them. The first is above the last if there is none.
function inSight(plot) {
  const x = plot.data[0];
  const { min, max } = plot.scales.x;
  const slack = 1e-9 * Math.max(Math.abs(min), Math.abs(max)); // of zooming on a log axis
  return [x.findIndex((value) => value >= min - slack), x.findLastIndex((value) => value <= max + slack)];
}

function moveTo(chart, at) {
  const { plot } = chart;
  const [first, last] = inSight(plot);
  if (first < 0 || at < first || at > last) {
    return; // the zoom shows no value
  }
  const left = plot.valToPos(plot.data[0][at], "x");
  plot.setCursor({ left: Math.min(plot.over.clientWidth, Math.max(0, left)), top: plot.over.clientHeight / 2 });
  chart.status.textContent = valuesText(chart, at);
}

// zoomBy stretches the x axis around the cursor, within what the data spans.
function zoomBy(chart, factor) {
  const { plot } = chart;
  const x = plot.data[0];
  const { min, max } = plot.scales.x;
  const log = chart.panel.x.scale === "log";
  const to = log ? Math.log10 : Number;
  const back = log ? (place) => 10 ** place : Number;
  const centre = plot.cursor.idx === null || plot.cursor.idx === undefined ? (to(min) + to(max)) / 2 : to(x[plot.cursor.idx]);
  const half = ((to(max) - to(min)) / 2) * factor;
  const low = Math.max(to(x[0]), centre - half);
  const high = Math.min(to(x[x.length - 1]), centre + half);
  if (high > low) {
    plot.setScale("x", { min: back(low), max: back(high) });
    zoomed(chart, low > to(x[0]) || high < to(x[x.length - 1]));
  }
}

function resetZoom(chart) {
  chart.plot.setData(chart.plot.data);
  zoomed(chart, false);
}
