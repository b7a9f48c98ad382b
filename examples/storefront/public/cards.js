// @ts-check
import { h, link } from "./dom.js";
import { favouriteButton } from "./favourites.js";
import {
  date,
  displacement,
  horsepower,
  labelOf,
  languageOf,
  mileage,
  price,
  titleWithYear,
} from "./format.js";

/**
 * The box of a picture that is missing or did not load, of the same size.
 *
 * @param {string} alt
 * @param {...(Node | string)} content
 */
export const placeholder = (alt, ...content) =>
  h("div", { class: "no-picture", role: alt === "" ? null : "img", "aria-label": alt || null }, ...content);

/**
 * An `img` that gives way to a placeholder when it does not load: browsers show a broken icon.
 *
 * @param {Record<string, any>} attributes
 * @param {() => Node} missing
 */
export const image = (attributes, missing) =>
  h("img", {
    ...attributes,
    decoding: "async",
    referrerpolicy: "no-referrer",
    onerror: (/** @type {Event} */ { currentTarget }) => {
      /** @type {HTMLElement} */ (currentTarget).replaceWith(missing());
    },
  });

/**
 * A picture in a box of fixed ratio, so that nothing moves when it arrives.
 *
 * @param {{ thumb: string, card: string, full: string } | undefined} sizes
 * @param {string} alt
 * @param {{ isFirst?: boolean }} [options]
 */
export function picture(sizes, alt, { isFirst = false } = {}) {
  if (sizes === undefined) {
    return placeholder(alt, "Нет фотографии");
  }
  return image(
    {
      src: sizes.card,
      alt,
      width: 480,
      height: 360,
      loading: isFirst ? "eager" : "lazy",
      fetchpriority: isFirst ? "high" : null,
    },
    () => placeholder(alt, "Фото не загрузилось"),
  );
}

/** @param {Record<string, any>} offer */
export const dropBadge = (offer) =>
  offer.price_drop > 0 &&
  h(
    "span",
    { class: "badge" },
    h("span", { "aria-hidden": "true" }, "↓ "),
    `дешевле на ${price(offer.price_drop)}`,
  );

/**
 * @param {Record<string, any>} offer
 * @param {number} index
 */
export function card(offer, index) {
  const name = titleWithYear(offer);
  const isGone = offer.active === false;
  return h(
    "li",
    { class: isGone ? "card gone" : "card" },
    h(
      "div",
      { class: "card-picture" },
      picture(offer.image_sizes?.[0], "", { isFirst: index < 4 }),
      isGone ? h("span", { class: "badge neutral" }, "Снято с продажи") : dropBadge(offer),
    ),
    h(
      "div",
      { class: "card-text" },
      h("h2", {}, link(`car/${encodeURIComponent(offer.inner_id)}`, {}, name)),
      h("p", { class: "price" }, price(offer.price)),
      h(
        "p",
        { class: "facts" },
        [mileage(offer), displacement(offer), horsepower(offer)].filter(Boolean).join(" · "),
      ),
      h(
        "p",
        { class: "facts" },
        ["engine_type", "transmission_type", "drive_type"]
          .map((field) => labelOf(offer, field))
          .filter(Boolean)
          .join(" · "),
      ),
      h(
        "p",
        { class: "facts muted" },
        h("span", { lang: languageOf(labelOf(offer, "city") ?? "") }, labelOf(offer, "city") ?? "Китай"),
        offer.offer_created && ` · ${date(offer.offer_created)}`,
      ),
    ),
    favouriteButton(offer.inner_id, name),
  );
}

/** @param {number} count */
export const skeletons = (count) =>
  Array.from({ length: count }, () =>
    h(
      "li",
      { class: "card skeleton", "aria-hidden": "true" },
      h("div", { class: "card-picture" }),
      h("div", { class: "card-text" }),
    ),
  );
