// What a chart does at the keyboard: the arrows walk through its values, plus and
// minus zoom, Escape shows everything.

function chartKeys(chart, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const last = chart.plot.data[0].length - 1;
  const at = chart.plot.cursor.idx ?? -1;
  const stride = event.shiftKey ? 10 : 1;
  const does = {
    ArrowLeft: () => moveTo(chart, at < 0 ? last : Math.max(0, at - stride)),
    ArrowRight: () => moveTo(chart, Math.min(last, at + stride)),
    Home: () => moveTo(chart, 0),
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

function moveTo(chart, at) {
  const { plot } = chart;
  plot.setCursor({ left: plot.valToPos(plot.data[0][at], "x"), top: plot.over.clientHeight / 2 });
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
