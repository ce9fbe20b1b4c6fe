// Tables of class "sortable": each heading becomes a button that sorts by its column.
// A table may have several bodies, one for each group: rows stay in theirs.

const collator = new Intl.Collator("en", { numeric: true });

function startTables() {
  for (const table of document.querySelectorAll("table.sortable")) {
    makeSortable(table);
  }
}

function makeSortable(table) {
  for (const heading of table.querySelectorAll("thead th[data-type]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(table, heading));
    heading.append(button);
  }
  if (table.classList.contains("cards")) {
    makeSortChoice(table);
  }
}

// makeSortChoice sorts where the style makes cards of rows, and headings are gone.
function makeSortChoice(table) {
  const headings = [...table.querySelectorAll("thead th[data-type]")];
  const listed = [...table.tBodies].map((body) => ({ body, rows: [...body.rows] }));
  const by = document.createElement("select");
  by.add(new Option("as listed", ""));
  headings.forEach((heading, i) => by.add(new Option(heading.textContent.trim(), String(i))));
  const way = document.createElement("select");
  way.add(new Option("ascending", ""));
  way.add(new Option("descending", "descending"));
  const choose = () => {
    if (by.value !== "") {
      sortBy(table, headings[Number(by.value)], way.value === "descending");
      return;
    }
    headings.forEach((heading) => heading.removeAttribute("aria-sort"));
    listed.forEach(({ body, rows }) => body.append(...rows));
  };
  for (const choice of [by, way]) {
    choice.addEventListener("change", choose);
  }
  table.addEventListener("tablesorted", () => {
    const at = headings.findIndex((heading) => heading.hasAttribute("aria-sort"));
    by.value = String(at);
    way.value = headings[at].getAttribute("aria-sort") === "descending" ? "descending" : "";
  });
  const box = document.createElement("div");
  box.className = "sorting";
  box.append(labelled("Sort by", by), labelled("Direction", way));
  (table.closest(".scroll") ?? table).before(box);
}

// sortBy sorts by a column: the other way round where it did already, unless told which.
function sortBy(table, heading, descending = heading.getAttribute("aria-sort") === "ascending") {
  for (const other of table.querySelectorAll("thead th[aria-sort]")) {
    other.removeAttribute("aria-sort");
  }
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const column = columnOf(heading);
  const numeric = heading.dataset.type === "number";
  for (const body of table.tBodies) {
    sortBody(body, column, numeric, descending);
  }
  table.dispatchEvent(new Event("tablesorted"));
}

// sortBody leaves rows that name their group where they are: at the top. Array.sort
// is stable, so that an earlier order survives among equals.
function sortBody(body, column, numeric, descending) {
  const keyed = [...body.rows]
    .filter((row) => !row.querySelector("th[scope=rowgroup]"))
    .map((row) => ({ row, key: sortKey(cellAt(row, column), numeric) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key, descending));
  body.append(...keyed.map(({ row }) => row));
}

// sortKey is null for what is not known.
function sortKey(cell, numeric) {
  if (!cell) {
    return null;
  }
  const text = (cell.dataset.value ?? cell.textContent).trim();
  if (!numeric) {
    return text === "" ? null : text;
  }
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? null : value;
}

// compareKeys puts the unknown last, whichever way the column is sorted.
function compareKeys(a, b, descending) {
  if (a === null || b === null) {
    return (a === null) - (b === null);
  }
  const order = typeof a === "number" ? a - b : collator.compare(a, b);
  return descending ? -order : order;
}

// columnOf counts columns, as cells may span several.
function columnOf(cell) {
  let column = 0;
  for (let before = cell.previousElementSibling; before; before = before.previousElementSibling) {
    column += before.colSpan;
  }
  return column;
}

function cellAt(row, column) {
  let at = 0;
  for (const cell of row.cells) {
    if (column < at + cell.colSpan) {
      return cell;
    }
    at += cell.colSpan;
  }
  return null;
}
