// Rules: places on the x axis that series come to, such as the rate that a search
// found. Each is a line over a band that is its interval, with a label above the data.

const ruleRow = 16; // CSS pixels that a label takes

function ruled(panel) {
  return panel.series.flatMap((series, index) => (series.rule ? [{ ...series.rule, index }] : []));
}

// rulesRange is what an x axis spans that shows all of its data and all rules.
function rulesRange(panel, low, high) {
  const places = ruled(panel).flatMap((rule) => [rule.at, rule.low, rule.high]);
  return [Math.min(low, ...places), Math.max(high, ...places)];
}

// drawRules draws beneath the data. Labels stand all on one side of their lines, and in
// an order in which no line runs through the label of another.
function drawRules(chart, u) {
  const rules = ruled(chart.panel);
  if (rules.length === 0) {
    return;
  }
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const place = (value) => u.valToPos(value, "x", true);
  const within = (x) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, x));
  const mean = rules.reduce((sum, { at }) => sum + place(at), 0) / rules.length;
  const left = mean > bbox.left + bbox.width / 2;
  rules.sort((a, b) => (left ? a.at - b.at : b.at - a.at));
  ctx.save();
  ctx.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  rules.forEach(({ at, low, high, label, index }, row) => {
    const x = place(at);
    if (!chart.shown[index] || x < bbox.left || x > bbox.left + bbox.width) {
      return;
    }
    const series = chart.panel.series[index];
    ctx.globalAlpha = (chart.focus ?? index) === index ? 1 : 0.3;
    const hue = colour(colourName(series.colour));
    ctx.fillStyle = `color-mix(in srgb, ${hue} 20%, transparent)`;
    ctx.fillRect(within(place(low)), bbox.top, within(place(high)) - within(place(low)), bbox.height);
    const top = bbox.top - row * ruleRow * ratio;
    ctx.fillStyle = hue;
    ctx.fillRect(x - ratio, top - (ruleRow / 2) * ratio, 2 * ratio, bbox.top + bbox.height - top + (ruleRow / 2) * ratio);
    const text = `${series.label}: ${label}`;
    const width = ctx.measureText(text).width;
    const from = left ? x - 5 * ratio - width : x + 5 * ratio;
    ctx.fillStyle = colour("--ink");
    ctx.fillText(text, Math.max(0, Math.min(from, ctx.canvas.width - width)), top - (ruleRow / 2) * ratio);
  });
  ctx.restore();
}

// ruleAt is the series whose rule is under the pointer; null for none.
function ruleAt(chart, left) {
  const reach = 6;
  const { plot, panel, shown } = chart;
  const far = (rule) => Math.abs(plot.valToPos(rule.at, "x") - left);
  const near = ruled(panel).filter((rule) => shown[rule.index] && far(rule) <= reach);
  near.sort((a, b) => far(a) - far(b));
  return near.length > 0 ? panel.series[near[0].index] : null;
}
