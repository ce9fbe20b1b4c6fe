// Chart data as uPlot takes it: one column of x, and columns of y that are aligned
// with it.

// aligned gives the columns of a panel and says what each is of: {part: "x"}, or
// {series, part, own} where part is "value", "low" or "high", and own says at what x
// the values of the series are, by their place in it.
function aligned(panel) {
  const columns = [{ part: "x" }];
  const tables = [];
  panel.series.forEach((series, index) => {
    const x = distinct((series.x ?? panel.x.values).slice(0, series.y.length));
    const own = new Map(x.map((value, i) => [value, i]));
    const table = [x, drawable(panel, series.y)];
    columns.push({ series: index, part: "value", own });
    if (series.low && series.high) {
      table.push(drawable(panel, series.low), drawable(panel, series.high));
      columns.push({ series: index, part: "low", own }, { series: index, part: "high", own });
    }
    tables.push(table);
  });
  return { columns, data: uPlot.join(tables) };
}

// distinct moves values that repeat the one before by what nobody sees, since a column
// has one row for each.
function distinct(values) {
  let repeats = 0;
  return values.map((value, i) => {
    repeats = i > 0 && value === values[i - 1] ? repeats + 1 : 0;
    return value + (Math.abs(value) || 1) * repeats * 1e-9;
  });
}

// drawable leaves out what a logarithmic axis has no place for.
function drawable(panel, values) {
  return panel.y.scale === "log" ? values.map((value) => (value > 0 ? value : null)) : values;
}
