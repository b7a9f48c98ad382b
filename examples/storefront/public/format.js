// @ts-check
/** @typedef {Record<string, any>} Offer a card or a listing of the API */

const NUMBER = new Intl.NumberFormat("ru", { maximumFractionDigits: 2 });

/** @param {number} value */
export const number = (value) => NUMBER.format(value);

/** @param {number | null} value in yuan */
export const price = (value) => (value === null ? "Цена не указана" : `${number(value)} ¥`);

/** @param {string} text `2023-05-20` or an ISO time */
export const date = (text) => {
  const [year, month, day] = text.slice(0, 10).split("-");
  return [day, month, year].filter((part) => part !== undefined).join(".");
};

/**
 * The form of a noun for a number: 1 объявление, 2 объявления, 5 объявлений.
 *
 * @param {number} count
 * @param {readonly [string, string, string]} forms
 */
export function plural(count, [one, few, many]) {
  const rule = new Intl.PluralRules("ru").select(count);
  return `${number(count)} ${rule === "one" ? one : rule === "few" ? few : many}`;
}

/** @param {Offer} offer */
export const title = (offer) =>
  [offer.mark, offer.model].filter(Boolean).join(" ") || offer.title || "Автомобиль";

/** @param {Offer} offer */
export const titleWithYear = (offer) => (offer.year ? `${title(offer)}, ${offer.year}` : title(offer));

/**
 * The label of a code, as the API sends it with `lang`.
 *
 * @param {Offer} offer
 * @param {string} field
 * @returns {string | null}
 */
export const labelOf = (offer, field) => offer.labels?.[field] ?? offer[field] ?? null;

/** @param {Offer} offer */
export const displacement = (offer) => offer.displacement && `${number(offer.displacement)} л`;

/** @param {Offer} offer */
export const horsepower = (offer) => offer.power && `${number(offer.power)} л. с.`;

/** @param {Offer} offer */
export const mileage = (offer) =>
  offer.km_age === null || offer.km_age === undefined ? null : `${number(offer.km_age)} км`;

/** Whether a text is in Chinese, for the attribute `lang`.
 * @param {string} text */
export const languageOf = (text) => (/\p{Script=Han}/u.test(text) ? "zh" : null);
