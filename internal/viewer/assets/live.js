// A run under way: what the server says of its progress, and the parts of the page
// that change between blocks. The page's own script replaces them, and keeps how they
// are sorted, filtered and opened.
(() => {
"use strict";

const byID = (id) => document.getElementById(id);
const source = new EventSource(`events?after=${byID("live").dataset.figures}`);

source.addEventListener("progress", ({ data }) => {
  const { text, done, total, rate } = JSON.parse(data);
  byID("live-text").textContent = text;
  byID("live-rate").textContent = rate;
  byID("live-progress").max = Math.max(total, 1);
  byID("live-progress").value = done;
});

source.addEventListener("figures", ({ data }) => {
  const { news, parts, charts } = JSON.parse(data);
  byID("live-news").textContent = news;
  document.dispatchEvent(new CustomEvent("partschange", { detail: { parts, charts } }));
});

source.addEventListener("end", ({ data }) => {
  source.close();
  byID("live-end").textContent = JSON.parse(data).text;
  byID("live-end").hidden = false;
  byID("live-text").textContent = "";
  byID("live-rate").textContent = "";
  byID("live-progress").hidden = true;
});

source.addEventListener("error", () => {
  byID("live-text").textContent = source.readyState === EventSource.CLOSED
    ? "gwbench does not answer any more: these are the last figures that it sent"
    : "connecting again";
});
})();
