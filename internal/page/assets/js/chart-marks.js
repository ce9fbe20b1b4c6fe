// Marks: shapes of points, which tell apart what shares a colour, and what became of
// a trial. The data names them; canvas and legend draw the same path.

const markOutlines = {
  square: [[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
  triangle: [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]],
  down: [[0, 1.15], [-1.1, -0.85], [1.1, -0.85]],
  right: [[1.15, 0], [-0.85, -1.1], [-0.85, 1.1]],
  diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
};

// markPath is an SVG path around a place; r is half of its size.
function markPath(mark, x, y, r) {
  const outline = markOutlines[mark.replace("open-", "")];
  if (outline) {
    return `M${outline.map(([dx, dy]) => `${x + dx * r} ${y + dy * r}`).join("L")}Z`;
  }
  switch (mark) {
    case "cross":
      return `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`;
    case "plus":
      return `M${x - r * 1.2} ${y}h${r * 2.4}M${x} ${y - r * 1.2}v${r * 2.4}`;
    default:
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  }
}

// lookOf is the shape of a series' point of a kind, and whether it is filled.
function lookOf(series, kind) {
  const own = series.mark ?? "circle";
  const mark = !kind?.mark || kind.mark === "hollow" ? own : kind.mark;
  return { mark, filled: kind?.mark !== "hollow" && !["ring", "cross", "plus"].includes(mark) && !mark.startsWith("open-") };
}

// kindOf is what a point of a series is, by its place in the series; undefined where
// the panel knows no kinds.
function kindOf(panel, series, own) {
  return panel.kinds?.[kindPlace(series, own)];
}

function kindPlace(series, own) {
  return series.kinds?.[own] ?? 0;
}

// pointwise tells whether each point of a panel is to be found by itself: several may
// have one x.
function pointwise(panel) {
  return (panel.kinds ?? []).length > 0;
}

// joinedPath is the line of a series through those of its points that a line joins.
function joinedPath(chart, u, at) {
  const { series: index, own } = chart.columns[at];
  const stroke = new Path2D();
  u.data[at].forEach((value, idx) => {
    const x = u.data[0][idx];
    if (value !== null && value !== undefined && !kindOf(chart.panel, chart.panel.series[index], own.get(x))?.apart) {
      stroke.lineTo(u.valToPos(x, "x", true), u.valToPos(value, "y", true));
    }
  });
  const { left, top, width, height } = u.bbox;
  const clip = new Path2D();
  clip.rect(left, top, width, height);
  return { stroke, fill: null, clip, flags: 0 };
}

// markPaths draws the marks of a series as uPlot wants its points: hollow ones are in
// the outline alone.
function markPaths(chart, u, at, chosen) {
  const { series: index, own } = chart.columns[at];
  const series = chart.panel.series[index];
  const stroke = new Path2D();
  const fill = new Path2D();
  const ratio = devicePixelRatio;
  for (const idx of chosen) {
    const look = lookOf(series, kindOf(chart.panel, series, own.get(u.data[0][idx])));
    const x = u.valToPos(u.data[0][idx], "x", true);
    const y = u.valToPos(u.data[at][idx], "y", true);
    const path = new Path2D(markPath(look.mark, x, y, (series.thin ? 2.6 : 3.2) * ratio));
    stroke.addPath(path);
    if (look.filled) {
      fill.addPath(path);
    }
  }
  return { stroke, fill, clip: null, flags: 0 };
}

// markedPoints chooses which points of a series have a mark: all that no line joins;
// of a line those at the percentiles that have names, else some, where other lines
// have none.
function markedPoints(chart, u, at) {
  const { panel } = chart;
  const index = chart.columns[at].series;
  const series = panel.series[index];
  if (!series.mark && !series.points) {
    return [];
  }
  const { min, max } = u.scales.x;
  const { min: low, max: high } = u.scales.y;
  const known = [];
  u.data[at].forEach((value, idx) => {
    const x = u.data[0][idx];
    if (value !== null && value !== undefined && x >= min && x <= max && value >= low && value <= high) {
      known.push(idx);
    }
  });
  const crowded = series.thin && panel.series.length > 16 && u.width < 600;
  const few = crowded ? 3 : 12;
  if (series.points || known.length <= few) {
    return known;
  }
  const { own } = chart.columns[at];
  const special = (idx) => kindPlace(series, own.get(u.data[0][idx])) > 0;
  if (panel.x.scale === "percentile") {
    const named = percentileNames.slice(1).map((name) => percentilePlace(Number(name)));
    return known.filter((idx) => named.some((place) => Math.abs(place - u.data[0][idx]) < 1e-3));
  }
  const every = Math.ceil(known.length / Math.min(few, 8));
  return known.filter((idx, i) => i % every === (index * 3) % every || special(idx));
}

// drawnMark is a mark in the legend or the key, with a piece of its line where it has
// one. Colours are style variables, which follow the theme by themselves.
function drawnMark(series, kind) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "marker");
  svg.setAttribute("viewBox", "0 0 28 12");
  svg.setAttribute("aria-hidden", "true");
  const draw = (d, className) => {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", className);
    svg.append(path);
    return path;
  };
  if (!series.points) {
    const dashes = dashesOf(series);
    draw("M0 6H28", "line").setAttribute("stroke-dasharray", dashes ? dashes.join(" ") : "none");
  }
  if (series.mark || series.points) {
    const { mark, filled } = lookOf(series, kind);
    draw(markPath(mark, 14, 6, 4), filled ? "filled" : "hollow");
  }
  return svg;
}

// writeKey says what fits are, what kinds of points there are, where there is more than
// the usual one, and what colours and dashes stand for.
function writeKey(chart) {
  const { panel, key } = chart;
  const kinds = panel.kinds ?? [];
  const has = new Set(panel.series.flatMap((series) => (series.points ? series.kinds ?? [0] : series.kinds?.filter((kind) => kind > 0) ?? [])));
  key.replaceChildren();
  if (panel.series.some(({ fit }) => fit)) {
    const item = document.createElement("li");
    item.append(drawnMark({ dashes: fitDots }), "straight line fitted to a declared trend");
    key.append(item);
  }
  if (has.size > 1 || (has.size === 1 && !has.has(0))) {
    kinds.forEach((kind, i) => {
      if (has.has(i)) {
        const item = document.createElement("li");
        item.append(drawnMark({ points: true }, kind), kind.label);
        key.append(item);
      }
    });
  }
  if (panel.key) {
    const item = document.createElement("li");
    item.textContent = panel.key;
    key.append(item);
  }
}

// pointText is what is to say of a point beside its value: "(invalid trial: steal)".
function pointText(chart, at, idx) {
  const { series: index, own } = chart.columns[at];
  const series = chart.panel.series[index];
  const place = own.get(chart.plot.data[0][idx]);
  const kind = kindOf(chart.panel, series, place);
  const usual = !series.kinds?.[place] && !series.notes?.[place];
  const said = [kind?.label, series.notes?.[place]].filter(Boolean).join(": ");
  return usual || !said ? "" : ` (${said})`;
}

// nearestPoint is the point nearest to the pointer, within some
// pixels: {at, idx}, or null.
function nearestPoint(chart) {
  const { plot, columns, shown, panel } = chart;
  const { left, top } = plot.cursor;
  const reach = 24;
  let best = null;
  let least = reach * reach;
  columns.forEach((column, at) => {
    if (column.part !== "value" || !shown[column.series] || !(panel.series[column.series].points || panel.series[column.series].mark)) {
      return;
    }
    plot.data[at].forEach((value, idx) => {
      if (value === null || value === undefined) {
        return;
      }
      const far = (plot.valToPos(plot.data[0][idx], "x") - left) ** 2 + (plot.valToPos(value, "y") - top) ** 2;
      if (far < least) {
        least = far;
        best = { at, idx };
      }
    });
  });
  return best;
}
