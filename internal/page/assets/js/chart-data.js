// Chart data as uPlot takes it: one column of x, and columns of y that are aligned
// with it.

// aligned gives the columns of a panel and says what each is of: "x", or
// {series, part} where part is "value", "low" or "high".
function aligned(panel) {
  const columns = [{ part: "x" }];
  const tables = [];
  panel.series.forEach((series, index) => {
    const x = series.x ?? panel.x.values;
    const table = [x.slice(0, series.y.length), drawable(panel, series.y)];
    columns.push({ series: index, part: "value" });
    if (series.low && series.high) {
      table.push(drawable(panel, series.low), drawable(panel, series.high));
      columns.push({ series: index, part: "low" }, { series: index, part: "high" });
    }
    tables.push(table);
  });
  return { columns, data: uPlot.join(tables) };
}

// drawable leaves out what a logarithmic axis has no place for.
function drawable(panel, values) {
  return panel.y.scale === "log" ? values.map((value) => (value > 0 ? value : null)) : values;
}
