// What a page owes to those who do not see it, do not point at it or see it badly: a
// list of sentences about what is missing. Names of elements in it are for the one who
// looks for them.
(() => {
  const problems = [];
  const clipped = new Map();
  const backgrounds = new Map();
  const shapes = new Map();
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const named = (e) => `<${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""}${e.getAttribute("class") ? "." + e.getAttribute("class") : ""}> ${e.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}`;
  const found = (what, e) => problems.push(e ? `${what}: ${named(e)}` : what);
  // Unlike checkVisibility this knows what is there for screen readers alone.
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const silent = (e) => Boolean(e.closest("[aria-hidden=true]"));
  const style = (e) => getComputedStyle(e);

  all("details").forEach((e) => (e.open = true));

  // The document
  if (!document.documentElement.lang) found("no language");
  if (!document.title.trim()) found("no title");
  for (const [selector, what] of [["main", "main"], ["h1", "h1"], ["body > header", "header"]]) {
    const count = all(selector).filter(shown).length;
    if (count !== 1) found(`${count} of ${what}`);
  }
  all("nav").filter((e) => !nameOf(e)).forEach((e) => found("a nav without a label", e));
  const regions = all("[role=region]").map(nameOf);
  all("[role=region]").filter((e, i) => nameOf(e) && regions.indexOf(nameOf(e)) !== i).forEach((e) => found("a region of the same name as another", e));
  let level = 0;
  for (const e of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
    const next = Number(e.tagName[1]);
    if (next > level + 1) found(`a heading of level ${next} after one of level ${level}`, e);
    if (!e.textContent.trim()) found("an empty heading", e);
    level = next;
  }
  const ids = new Map();
  all("[id]").forEach((e) => ids.set(e.id, (ids.get(e.id) ?? 0) + 1));
  ids.forEach((count, id) => count > 1 && found(`${count} elements have the id ${id}`));
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const e of all(`[${attribute}]`)) {
      e.getAttribute(attribute).split(/\s+/).filter((id) => !ids.has(id)).forEach((id) => found(`${attribute} refers to ${id}, which is not there`, e));
    }
  }
  all("a[href^='#']").filter((e) => !ids.has(e.getAttribute("href").slice(1))).forEach((e) => found("a link to nothing", e));

  // Names. What is hidden needs none.
  const needName = "a[href], button, input, select, textarea, summary, figure, table, [role=img], [role=region], [role=group], section";
  all(needName).filter((e) => shown(e) && !silent(e) && !nameOf(e)).forEach((e) => found("no name", e));
  all("svg").filter((e) => shown(e) && !silent(e) && !nameOf(e)).forEach((e) => found("a picture without a name", e));
  all("img:not([alt])").forEach((e) => found("an image without alt", e));

  // Tables
  all("th").filter((e) => !e.scope).forEach((e) => found("a heading of a table without scope", e));
  all("[aria-sort]").filter((e) => e.tagName !== "TH").forEach((e) => found("aria-sort of what is no heading", e));

  // The keyboard
  all("[tabindex]").filter((e) => e.tabIndex > 0).forEach((e) => found("a tabindex that changes the order", e));
  const focusable = all("a[href], button, input, select, textarea, summary, [tabindex='0']").filter((e) => shown(e) && !e.disabled);
  for (const e of focusable) {
    if (silent(e)) found("a control that screen readers do not know", e);
    const plain = marks(e);
    e.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== e) {
      found("a control that takes no focus", e);
      continue;
    }
    const box = e.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) found("a control without a size has the focus", e);
    if (marks(e) === plain) found("the focus does not show", e);
  }
  document.activeElement?.blur();
  for (const e of all("body *")) {
    const scrolls = ["auto", "scroll"].includes(style(e).overflowX) && e.scrollWidth > e.clientWidth + 1;
    if (scrolls && shown(e) && e.tabIndex < 0 && e.localName !== "select") found("a region that scrolls, but not at the keyboard", e);
  }

  // Contrast, of every text that can be seen
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(e) || !readable(e)) continue;
    seen.add(e);
    const { fontSize, fontWeight, fill, color } = style(e);
    const size = parseFloat(fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5;
    const ratio = Math.min(...grounds(e).map((back) => contrast(over(e.closest("svg") ? paint(e, fill) : parse(color), back), back)));
    if (ratio < least) found(`contrast ${ratio.toFixed(2)}, wanted ${least}`, e);
  }
  return problems;

  function nameOf(e) {
    const by = (e.getAttribute("aria-labelledby") ?? "").split(/\s+/).map((id) => document.getElementById(id)?.textContent.trim() ?? "").join(" ").trim();
    if (by || e.getAttribute("aria-label")?.trim()) return by || e.getAttribute("aria-label").trim();
    switch (e.localName) {
      case "figure": return e.querySelector("figcaption")?.textContent.trim();
      case "table": return e.caption?.textContent.trim();
      case "svg": return e.querySelector("title, desc")?.textContent.trim();
      case "input": case "select": case "textarea": return [...(e.labels ?? [])].map((l) => [...l.childNodes].filter((n) => n !== e).map((n) => n.textContent).join("")).join(" ").trim();
      case "nav": case "section": return "";
    }
    return e.hasAttribute("role") && ["region", "group", "img"].includes(e.getAttribute("role")) ? "" : [...e.childNodes].map((n) => (n.nodeType === 1 && n.getAttribute("aria-hidden") === "true" ? "" : n.textContent)).join("").trim();
  }

  function marks(e) {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = style(e);
    return outlineStyle === "none" ? [boxShadow, borderColor, backgroundColor].join() : [outlineStyle, outlineWidth, outlineColor, boxShadow].join();
  }

  function readable(e) {
    if (["SCRIPT", "STYLE", "OPTION", "TITLE", "DESC"].includes(e.tagName.toUpperCase()) || !shown(e) || e.closest("[disabled]")) return false;
    if (unseen(e)) return false;
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  }

  // Colours are [red, green, blue, alpha], of 255 and of 1.
  function parse(text) {
    const parts = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? ["0", "0", "0", "0"]).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [parts[0] * scale, parts[1] * scale, parts[2] * scale, parts[3] ?? 1];
  }

  function over([r, g, b, a], [r2, g2, b2]) {
    const mix = (x, y) => x * a + y * (1 - a);
    return [mix(r, r2), mix(g, g2), mix(b, b2), 1];
  }

  // Texts share most of what they are in: what is known of it is kept.
  function kept(known, e, make) {
    if (!known.has(e)) known.set(e, make());
    return known.get(e);
  }

  // unseen is what is for screen readers alone.
  function unseen(e) {
    return Boolean(e) && kept(clipped, e, () => style(e).clipPath.startsWith("inset(50%") || unseen(e.parentElement));
  }

  function background(e) {
    return e ? kept(backgrounds, e, () => over(parse(style(e).backgroundColor), background(e.parentElement))) : [255, 255, 255, 1];
  }

  // grounds are the colours that a text stands on: in a drawing, those of the shapes
  // beneath it, at places that lie as close as strokes of letters.
  function grounds(e) {
    const paper = background(e);
    const drawing = e.closest("svg");
    if (!drawing) return [paper];
    const box = e.getBoundingClientRect();
    const beneath = kept(shapes, drawing, () => filled(drawing)).filter(({ shape, area }) =>
      area.left < box.right && area.right > box.left && area.top < box.bottom && area.bottom > box.top && e.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING);
    if (beneath.length === 0) return [paper];
    const found = new Map();
    for (const x of along(box.left, box.width, box.height)) {
      for (const y of along(box.top, box.height, box.width)) {
        const back = beneath.filter(({ shape, inverse }) => shape.isPointInFill(new DOMPoint(x, y).matrixTransform(inverse))).reduce((under, { colour }) => over(colour, under), paper);
        found.set(back.join(), back);
      }
    }
    return [...found.values()];
  }

  // along are places on one side of a box: all along the longer one, and what letters
  // fill of the shorter.
  function along(start, length, other) {
    if (length < other) return [0.35, 0.5, 0.65].map((share) => start + share * length);
    const count = Math.ceil(length / 3);
    return Array.from({ length: count }, (_, i) => start + ((i + 0.5) / count) * length);
  }

  // filled are the shapes of a drawing that hide something of what is beneath them, from
  // the lowest to the uppermost.
  function filled(drawing) {
    return all("path, rect, circle, ellipse, polygon, polyline", drawing)
      .map((shape) => ({ shape, area: shape.getBoundingClientRect(), colour: paint(shape, style(shape).fill), inverse: shape.getScreenCTM()?.inverse() }))
      .filter(({ colour, inverse, shape }) => colour[3] > 0 && inverse && !shape.closest("defs"));
  }

  // paint is what fills an element of a drawing, and how much of it is seen.
  function paint(e, fill) {
    const [r, g, b, a] = parse(fill);
    let seen = a * Number(style(e).fillOpacity);
    for (let at = e; at && at.localName !== "svg"; at = at.parentElement) seen *= Number(style(at).opacity);
    return [r, g, b, seen];
  }

  function contrast(a, b) {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour) {
    const [r, g, b] = colour.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
})()
