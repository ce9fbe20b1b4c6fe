// Downloads are links to compressed data in the page. Where the browser can expand
// it, they give the plain file.

function startDownloads() {
  if (typeof DecompressionStream === "undefined") {
    return;
  }
  for (const link of document.querySelectorAll("a.download[data-plain]")) {
    makePlain(link);
  }
}

function makePlain(link) {
  const compressed = link.href;
  const compressedName = link.download;
  for (const node of link.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      node.data = node.data.replaceAll(compressedName, link.dataset.plain);
    }
  }
  let plain = null; // made at the first click, and kept for the next
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      plain ??= URL.createObjectURL(await expanded(compressed, link.dataset.type));
      save(plain, link.dataset.plain);
    } catch (error) {
      console.error(error);
      save(compressed, compressedName);
    }
  });
}

// expanded decodes a data: URL by hand, since the page's policy lets nothing be
// fetched.
async function expanded(url, type) {
  const text = atob(url.slice(url.indexOf(",") + 1));
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Blob([await new Response(stream).blob()], { type });
}

function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
