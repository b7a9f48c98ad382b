// @ts-check
import { h } from "./dom.js";
import { languageOf, number } from "./format.js";

/** Groups of values: parameter of the API, and its heading. */
export const GROUPS = /** @type {const} */ ([
  ["mark", "Марка"],
  ["model", "Модель"],
  ["body_type", "Кузов"],
  ["engine_type", "Двигатель"],
  ["transmission_type", "Коробка передач"],
  ["drive_type", "Привод"],
  ["color", "Цвет"],
  ["city", "Город"],
]);
/** Groups of two numbers. */
export const RANGES = /** @type {const} */ ([
  ["price", "Цена, ¥"],
  ["year", "Год выпуска"],
  ["km_age", "Пробег, км"],
]);
/** Values that are shown before the rest is requested. */
const SHOWN = 8;

/** @typedef {{ value: string, count: number, label?: string, models?: { value: string, count: number }[] }} Value */

/**
 * @param {URLSearchParams} selection
 * @param {string} name
 */
export const chosen = (selection, name) => (selection.get(name) ?? "").split(",").filter(Boolean);

/**
 * The values of a group. Models are those of the chosen makes.
 *
 * @param {Record<string, any>} filters
 * @param {string} name
 * @param {URLSearchParams} selection
 * @returns {Value[]}
 */
function valuesOf(filters, name, selection) {
  /** @type {Value[]} */
  let values = filters[name] ?? [];
  if (name === "model") {
    const marks = new Set(chosen(selection, "mark"));
    const models = /** @type {Value[]} */ (filters.mark ?? [])
      .filter(({ value }) => marks.has(value))
      .flatMap(({ models: own = [] }) => own);
    values = models.toSorted((one, other) => other.count - one.count);
  }
  const known = new Set(values.map(({ value }) => value));
  // A chosen value stays visible without listings, so that it can be removed.
  const missing = chosen(selection, name).filter((value) => !known.has(value));
  return [...values, ...missing.map((value) => ({ value, count: 0 }))];
}

/**
 * The label of a chosen value.
 *
 * @param {Record<string, any> | undefined} filters
 * @param {string} name
 * @param {string} value
 */
export const labelOfValue = (filters, name, value) =>
  (name === "mark" || name === "model"
    ? undefined
    : /** @type {Value[]} */ (filters?.[name] ?? []).find((one) => one.value === value)?.label) ?? value;

/**
 * The panel of filters.
 *
 * @param {(name: string, value: string | null) => void} onChange called with a parameter and its new value
 */
export function createFacets(onChange) {
  const body = h("div", { class: "facets" });
  /** Groups that show all values. @type {Set<string>} */
  const opened = new Set();

  /**
   * @param {Record<string, any>} filters
   * @param {string} name
   * @param {string} heading
   * @param {URLSearchParams} selection
   */
  function group(filters, name, heading, selection) {
    const values = valuesOf(filters, name, selection);
    if (values.length === 0) {
      return null;
    }
    const ticked = new Set(chosen(selection, name));
    const isOpen = opened.has(name);
    // Chosen values come first, so that they are never hidden.
    const ordered = values.toSorted(
      (one, other) => Number(ticked.has(other.value)) - Number(ticked.has(one.value)),
    );
    const shown = isOpen ? ordered : ordered.slice(0, Math.max(SHOWN, ticked.size));
    return h(
      "fieldset",
      {},
      h("legend", {}, heading),
      h(
        "ul",
        { class: isOpen ? "values open" : "values" },
        shown.map(({ value, count }) => {
          const id = `${name}-${value}`;
          const label = labelOfValue(filters, name, value);
          return h(
            "li",
            {},
            h("input", {
              type: "checkbox",
              id,
              checked: ticked.has(value),
              onchange: (/** @type {Event} */ { currentTarget }) => {
                const { checked } = /** @type {HTMLInputElement} */ (currentTarget);
                const next = checked ? [...ticked, value] : [...ticked].filter((one) => one !== value);
                onChange(name, next.length === 0 ? null : next.join(","));
              },
            }),
            h("label", { for: id, lang: languageOf(label) }, label),
            h("span", { class: "count" }, number(count)),
          );
        }),
      ),
      values.length > shown.length || isOpen
        ? values.length > SHOWN &&
            h(
              "button",
              {
                type: "button",
                class: "text-button",
                id: `more-${name}`,
                "aria-expanded": String(isOpen),
                onclick: () => {
                  (isOpen ? opened.delete.bind(opened) : opened.add.bind(opened))(name);
                  show(filters, selection);
                },
              },
              isOpen ? "Свернуть" : `Показать все: ${number(values.length)}`,
            )
        : null,
    );
  }

  /**
   * @param {Record<string, any>} filters
   * @param {string} name
   * @param {string} heading
   * @param {URLSearchParams} selection
   */
  function range(filters, name, heading, selection) {
    const { min, max } = filters.ranges?.[name] ?? {};
    const input = (
      /** @type {"from" | "to"} */ end,
      /** @type {string} */ word,
      /** @type {number | null} */ limit,
    ) =>
      h("input", {
        id: `${name}_${end}`,
        type: "text",
        inputmode: "numeric",
        autocomplete: "off",
        maxlength: 9,
        "aria-label": `${heading}, ${word}`,
        placeholder:
          limit === null || limit === undefined ? word : `${word} ${name === "year" ? limit : number(limit)}`,
        value: selection.get(`${name}_${end}`) ?? "",
        onchange: (/** @type {Event} */ { currentTarget }) => {
          const text = /** @type {HTMLInputElement} */ (currentTarget).value.replace(/\D/g, "");
          onChange(`${name}_${end}`, text === "" ? null : text);
        },
      });
    return h(
      "fieldset",
      {},
      h("legend", {}, heading),
      h("div", { class: "range" }, input("from", "от", min), input("to", "до", max)),
    );
  }

  /**
   * @param {Record<string, any>} filters
   * @param {URLSearchParams} selection
   */
  function show(filters, selection) {
    const focused = document.activeElement?.id;
    const groups = [
      group(filters, "mark", "Марка", selection),
      selection.has("mark") && group(filters, "model", "Модель", selection),
      ...RANGES.map(([name, heading]) => range(filters, name, heading, selection)),
      ...GROUPS.slice(2).map(([name, heading]) => group(filters, name, heading, selection)),
    ];
    body.replaceChildren(.../** @type {Node[]} */ (groups.filter(Boolean)));
    if (focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  return { element: body, show };
}
