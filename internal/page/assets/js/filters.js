// Filters of tables: a choice for each axis on which rows differ, and how many rows are
// left.

const axisPrefix = "data-axis-";

function startFilters() {
  for (const box of document.querySelectorAll(".filters[data-for]")) {
    const table = document.getElementById(box.dataset.for);
    if (table) {
      makeFilters(box, table);
    }
  }
}

function makeFilters(box, table) {
  const rows = [...table.querySelectorAll("tbody tr")].filter((row) => !row.querySelector("th[scope=rowgroup]"));
  shareAxes(rows);
  const filter = { table, rows, chosen: new Map(), noun: nounOf(table) };
  filter.count = document.createElement("p");
  filter.count.setAttribute("role", "status");
  const controls = axisChoices(filter);
  if (controls.length === 0) {
    return;
  }
  box.append(...controls, filter.count);
  applyFilter(filter);
  box.hidden = false;
}

// shareAxes gives rows of a case the axes that only the first of them has, for brevity.
function shareAxes(rows) {
  const first = new Map();
  for (const row of rows) {
    if (row.dataset.case === undefined) {
      continue;
    }
    if (!first.has(row.dataset.case)) {
      first.set(row.dataset.case, row);
      continue;
    }
    for (const { name, value } of first.get(row.dataset.case).attributes) {
      if (name.startsWith(axisPrefix) && !row.hasAttribute(name)) {
        row.setAttribute(name, value);
      }
    }
  }
}

// nounOf is what rows are: the table "cases-table" has cases.
function nounOf(table) {
  return table.id.endsWith("-table") ? table.id.slice(0, -"-table".length).replaceAll("-", " ") : "rows";
}

function axisChoices(filter) {
  const choices = [];
  for (const [axis, values] of axisValues(filter.rows)) {
    if (values.size > 1) {
      choices.push(axisChoice(filter, axis, [...values]));
    }
  }
  return choices;
}

// axisValues lists axes and their values in the order of the table.
function axisValues(rows) {
  const axes = new Map();
  for (const row of rows) {
    for (const { name, value } of row.attributes) {
      if (!name.startsWith(axisPrefix)) {
        continue;
      }
      const axis = name.slice(axisPrefix.length);
      if (!axes.has(axis)) {
        axes.set(axis, new Set());
      }
      axes.get(axis).add(value);
    }
  }
  return axes;
}

function axisChoice(filter, axis, values) {
  const select = document.createElement("select");
  select.add(new Option("all", ""));
  // Values are numbered, as one of them may be the empty text.
  values.forEach((value, i) => select.add(new Option(shortened(value) || "none", String(i))));
  select.addEventListener("change", () => {
    if (select.value === "") {
      filter.chosen.delete(axis);
    } else {
      filter.chosen.set(axis, values[Number(select.value)]);
    }
    applyFilter(filter);
  });
  return labelled(capitalised(axis.replaceAll("-", " ")), select);
}

// shortened keeps a choice on a screen: names may be as long as they like.
function shortened(text) {
  const most = 60;
  return text.length > most ? text.slice(0, most - 1) + "\u2026" : text;
}

function labelled(text, control) {
  const label = document.createElement("label");
  label.append(text + " ", control);
  return label;
}

function applyFilter(filter) {
  let shown = 0;
  for (const row of filter.rows) {
    row.hidden = !passes(filter, row);
    shown += row.hidden ? 0 : 1;
  }
  for (const body of filter.table.tBodies) {
    const own = filter.rows.filter((row) => row.parentElement === body);
    body.hidden = own.length > 0 && own.every((row) => row.hidden);
  }
  filter.count.textContent = `${shown} of ${filter.rows.length} ${filter.noun}`;
  // Charts show the cases that a table of cases, or of figures of several runs, does.
  if (["cases-table", "figures-table"].includes(filter.table.id)) {
    // Later, as a table that is made anew gets its choices back one after the other.
    queueMicrotask(() => chooseCases(filter.chosen));
  }
}

// casesChosen is what charts were told last: values by axis.
let casesChosen = new Map();

function chooseCases(chosen) {
  if (chosen.size === casesChosen.size && [...chosen].every(([axis, value]) => casesChosen.get(axis) === value)) {
    return; // what a legend hides or shows stays so
  }
  casesChosen = new Map(chosen);
  document.dispatchEvent(new CustomEvent("caseschosen", { detail: casesChosen }));
}

function passes(filter, row) {
  return [...filter.chosen].every(([axis, value]) => row.getAttribute(axisPrefix + axis) === value);
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
