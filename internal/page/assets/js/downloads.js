// Downloads. The page holds the run as a packed bundle, which a link gives where no
// script runs. The script makes a plain bundle of it, and the trials as CSV.

function startDownloads() {
  if (typeof CompressionStream === "undefined" || typeof DecompressionStream === "undefined") {
    return;
  }
  for (const link of document.querySelectorAll("a.download[data-plain]")) {
    makePlain(link);
  }
}

// makePlain gives a link another file: the bundle, and that of the records beside it.
function makePlain(link) {
  const packed = link.href;
  const bundle = once(() => unpacked(packed));
  offer(link, link.dataset.plain, link.dataset.type, bundle);
  const records = link.closest("ul").querySelector("a.download[data-metrics]");
  if (records) {
    const names = Object.fromEntries(["axes", "metrics", "usage"].map((of) => [of, records.dataset[of].split(" ")]));
    offer(records, records.download, records.dataset.type, once(async () => trialsCSV(JSON.parse(await bundle()), names)));
    records.closest("li").hidden = false;
  }
}

// offer has a click on the link save what make makes, or, where that fails, whatever the
// link has without a script. Beside the link stands how it goes.
function offer(link, name, type, make) {
  link.textContent = name;
  const url = once(async () => URL.createObjectURL(new Blob([await make()], { type })));
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  link.closest("li").append(" ", status);
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    if (link.hasAttribute("aria-busy")) {
      return;
    }
    link.setAttribute("aria-busy", "true");
    status.textContent = `${name} is being made.`;
    try {
      save(await url(), name);
      status.textContent = "";
    } catch (error) {
      console.error(error);
      status.textContent = `${name} cannot be made: ${error.message}`;
      if (link.href.startsWith("data:")) {
        save(link.href, link.download);
        status.prepend(`${link.download} was saved instead. `);
      }
    }
    link.removeAttribute("aria-busy");
  });
}

// once is a function that works at its first call, and gives the same at each; what
// failed is tried anew.
function once(make) {
  let made = null;
  return () => (made ??= make().catch((error) => {
    made = null;
    throw error;
  }));
}

// unpacked decodes a data: URL by hand, since the page's policy lets nothing be
// fetched.
async function unpacked(url) {
  const bytes = fromBase64(url.slice(url.indexOf(",") + 1));
  const text = new TextDecoder().decode(await through(new DecompressionStream("gzip"), bytes));
  return plainBundle(text);
}

function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
