// Fits: straight lines that were fitted to series, such as the slope of a declared
// trend. They are dotted, and bend where an axis is logarithmic.

const fitDots = [1.5, 3];

function drawFits(chart, u) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash(fitDots.map((length) => length * ratio));
  chart.panel.series.forEach((series, index) => {
    if (!series.fit || !chart.shown[index]) {
      return;
    }
    ctx.globalAlpha = (chart.focus ?? index) === index ? 1 : 0.3;
    ctx.strokeStyle = colour(colourName(series.colour));
    ctx.beginPath();
    for (const [x, y] of fitPlaces(chart.panel, series.fit)) {
      ctx.lineTo(u.valToPos(x, "x", true), u.valToPos(y, "y", true));
    }
    ctx.stroke();
  });
  ctx.restore();
}

// fitPlaces are points of a straight line, as far as the axes have a place for them.
function fitPlaces(panel, { x: [first, last], y: [from, to] }) {
  const pieces = 48;
  const log = panel.x.scale === "log";
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const part = i / pieces;
    const x = log ? first * (last / first) ** part : first + part * (last - first);
    return [x, from + (last === first ? 0 : ((x - first) / (last - first)) * (to - from))];
  }).filter(([, y]) => panel.y.scale !== "log" || y > 0);
}
