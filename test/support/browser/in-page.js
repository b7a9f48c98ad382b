// Runs in the page, before its own scripts: records layout shifts, and finds what an audit complains about.

const shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput && entry.value > 0.001) {
      shifts.push(JSON.stringify(entry));
    }
  }
}).observe({ type: "layout-shift", buffered: true });

/** Controls without an accessible name, and pictures without `alt`. */
const unnamed = () =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, img")]
    .filter((element) => {
      if (element.tagName === "IMG") {
        return !element.hasAttribute("alt");
      }
      const label = element.labels?.[0]?.textContent ?? element.textContent;
      return (
        (element.getAttribute("aria-label") ?? label).trim() === "" &&
        element.querySelector("img[alt]") === null
      );
    })
    .map((element) => element.outerHTML.slice(0, 200));

const parts = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);

function luminance(color) {
  const [red, green, blue] = color
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function backgroundOf(element) {
  for (let at = element; at !== null; at = at.parentElement) {
    const color = parts(getComputedStyle(at).backgroundColor);
    if ((color[3] ?? 1) > 0.5) {
      return color;
    }
  }
  return [255, 255, 255];
}

/** Texts whose contrast with their background is below 4.5 : 1 (WCAG 1.4.3). */
const lowContrast = () =>
  [...document.querySelectorAll("a, p, dt, dd, th, td, li, label, legend, span, button, h1, h2, option")]
    .filter((element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()),
    )
    .filter((element) => element.checkVisibility())
    .flatMap((element) => {
      const one = luminance(parts(getComputedStyle(element).color));
      const other = luminance(backgroundOf(element));
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      return ratio < 4.5 ? [`${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 150)}`] : [];
    });

globalThis.audit = () => ({
  shifts,
  unnamed: unnamed(),
  lowContrast: lowContrast(),
  overflows: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  headings: document.querySelectorAll("h1").length,
});
