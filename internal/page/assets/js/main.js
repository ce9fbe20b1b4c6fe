// main.js comes last. Each part stands alone: one that fails leaves the others, and
// what the page shows without a script.
for (const start of [startTheme, startTables, startFilters, startCharts, startDownloads, startParts]) {
  try {
    start();
  } catch (error) {
    console.error(error);
  }
}
