// @ts-check
/** Favourites: ids in the browser's storage. */
import { HEART, h, icon } from "./dom.js";

const KEY = "favourites";
/** The API takes at most this many `ids`. */
const MAX = 100;

/** @returns {string[]} newest first */
export function favourites() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string").slice(0, MAX) : [];
  } catch {
    return [];
  }
}

/** @param {string} id */
function toggle(id) {
  const ids = favourites();
  const next = ids.includes(id) ? ids.filter((one) => one !== id) : [id, ...ids].slice(0, MAX);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser without storage: the choice lasts until the page is left.
  }
  showCount();
  return next.includes(id);
}

export function showCount() {
  const count = document.getElementById("favourites-count");
  if (count !== null) {
    count.textContent = String(favourites().length);
  }
}

/**
 * A button that adds a listing to the favourites, or removes it.
 *
 * @param {string} id
 * @param {string} name of the car
 * @param {string} [text] visible text
 */
export function favouriteButton(id, name, text) {
  const isPressed = favourites().includes(id);
  return h(
    "button",
    {
      type: "button",
      class: text === undefined ? "heart" : "button secondary with-icon",
      "aria-pressed": String(isPressed),
      "aria-label": `В избранное: ${name}`,
      onclick: (/** @type {Event} */ { currentTarget }) => {
        /** @type {HTMLElement} */ (currentTarget).setAttribute("aria-pressed", String(toggle(id)));
      },
    },
    icon(HEART),
    text,
  );
}
