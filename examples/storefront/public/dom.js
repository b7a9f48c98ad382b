// @ts-check
/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Creates an element. Texts become text nodes, so nothing from the API is read as HTML.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` adds a listener; null, undefined and false leave an attribute out
 * @param {...Child} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "")
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * @param {string} path
 * @param {string} [className]
 */
export function icon(path, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", className);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const HEART = "M12 20.5 4.6 13a5 5 0 0 1 7.1-7.100l.3.4.3-.4A5 5 0 0 1 19.4 13z";
/** A picture frame with a sun and a mountain. */
export const PHOTO = "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.500 9.500h.01";

/**
 * A link within the site, which `app.js` follows without loading the page again.
 *
 * @param {string} href
 * @param {Record<string, any>} attributes
 * @param {...Child} children
 */
export const link = (href, attributes, ...children) =>
  h("a", { href, "data-link": true, ...attributes }, ...children);
