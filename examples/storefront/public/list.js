// @ts-check
/** The catalogue: filters, sort order, cards, "show more". The address of the page holds the selection. */
import { ApiParameterError, api, queryOf } from "./api.js";
import { card, skeletons } from "./cards.js";
import { h } from "./dom.js";
import { chosen, createFacets, GROUPS, labelOfValue, RANGES } from "./facets.js";
import { number, plural } from "./format.js";

const PAGE = "24";
const SORTS = /** @type {const} */ ([
  ["-created_at", "Сначала новые"],
  ["price", "Сначала дешёвые"],
  ["-price", "Сначала дорогие"],
  ["-price_drop", "Подешевевшие"],
  ["-year", "Год: новее"],
  ["km_age", "Пробег: меньше"],
]);
const PARAMETERS = new Set([
  ...GROUPS.map(([name]) => name),
  ...RANGES.flatMap(([name]) => [`${name}_from`, `${name}_to`]),
  "q",
  "sort",
]);
const LISTINGS = /** @type {const} */ (["объявление", "объявления", "объявлений"]);

/**
 * The selection in an address: parameters of the API that this page knows.
 *
 * @param {string} search
 */
export const selectionOf = (search) =>
  new URLSearchParams(
    [...new URLSearchParams(search)].filter(([name, value]) => PARAMETERS.has(name) && value !== ""),
  );

/**
 * @param {URLSearchParams} start
 * @param {(selection: URLSearchParams) => void} onSelect called with each new selection, to put it into the address
 */
export function createList(start, onSelect) {
  let selection = start;
  /** @type {Record<string, any> | undefined} */
  let filters;
  /** @type {AbortController | undefined} */
  let request;

  const facets = createFacets((name, value) => change({ [name]: value }));
  const total = h("p", { class: "total", role: "status" });
  const chips = h("ul", { class: "chips", "aria-label": "Выбранные условия" });
  const cards = h("ul", { class: "cards", "aria-label": "Объявления" }, ...skeletons(12));
  const message = h("div", { class: "message", role: "status" });
  const more = /** @type {HTMLButtonElement} */ (
    h("button", { type: "button", class: "button secondary more", hidden: true }, "Показать ещё")
  );
  const sort = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { id: "sort", onchange: () => change({ sort: sort.value === SORTS[0][0] ? null : sort.value }) },
      ...SORTS.map(([value, text]) => h("option", { value }, text)),
    )
  );
  const apply = h(
    "button",
    { type: "button", class: "button apply", onclick: () => togglePanel(false) },
    "Показать",
  );
  const panel = h("aside", { class: "panel", id: "panel", "aria-label": "Фильтры" }, facets.element, apply);
  const opener = h(
    "button",
    {
      type: "button",
      class: "button secondary opener",
      "aria-expanded": "false",
      "aria-controls": "panel",
      onclick: () => togglePanel(opener.getAttribute("aria-expanded") !== "true"),
    },
    "Фильтры",
  );
  const element = h(
    "div",
    { class: "catalogue" },
    panel,
    h(
      "section",
      { class: "results", "aria-labelledby": "heading" },
      h(
        "div",
        { class: "toolbar" },
        h("h1", { id: "heading" }, "Каталог автомобилей"),
        total,
        h("div", { class: "sort" }, h("label", { for: "sort" }, "Порядок"), sort),
        opener,
      ),
      chips,
      message,
      cards,
      more,
    ),
  );

  /** @param {boolean} isOpen */
  function togglePanel(isOpen) {
    opener.setAttribute("aria-expanded", String(isOpen));
    panel.classList.toggle("open", isOpen);
    if (isOpen) {
      panel.querySelector("input")?.focus();
    } else if (panel.contains(document.activeElement)) {
      opener.focus();
    }
  }

  /** @param {Record<string, string | null>} changes null removes a parameter */
  function change(changes) {
    const next = new URLSearchParams(selection);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) {
        next.delete(name);
      } else {
        next.set(name, value);
      }
    }
    // Models belong to a make.
    if ("mark" in changes && !("model" in changes)) {
      next.delete("model");
    }
    onSelect(next);
    show(next);
  }

  function showChips() {
    /** @type {[text: string, changes: Record<string, string | null>][]} */
    const conditions = [];
    const q = selection.get("q");
    if (q !== null) {
      conditions.push([`«${q}»`, { q: null }]);
    }
    for (const [name] of GROUPS) {
      const values = chosen(selection, name);
      for (const value of values) {
        const rest = values.filter((one) => one !== value).join(",");
        conditions.push([labelOfValue(filters, name, value), { [name]: rest === "" ? null : rest }]);
      }
    }
    for (const [name, heading] of RANGES) {
      for (const [end, word] of [
        ["from", "от"],
        ["to", "до"],
      ]) {
        const value = selection.get(`${name}_${end}`);
        if (value !== null) {
          const shown = name === "year" ? value : number(Number(value));
          conditions.push([`${heading.replace(/,.*/, "")} ${word} ${shown}`, { [`${name}_${end}`]: null }]);
        }
      }
    }
    const items = conditions.map(([text, changes]) =>
      h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: "chip",
            "aria-label": `Убрать условие: ${text}`,
            onclick: () => change(changes),
          },
          text,
          h("span", { "aria-hidden": "true" }, "×"),
        ),
      ),
    );
    if (items.length > 1) {
      const none = Object.fromEntries(
        [...selection.keys()].filter((name) => name !== "sort").map((name) => [name, null]),
      );
      items.push(
        h(
          "li",
          {},
          h("button", { type: "button", class: "text-button", onclick: () => change(none) }, "Сбросить всё"),
        ),
      );
    }
    chips.replaceChildren(...items);
  }

  /** @param {unknown} error */
  function fail(error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      return;
    }
    cards.replaceChildren();
    more.hidden = true;
    total.textContent = "";
    const text =
      error instanceof ApiParameterError
        ? "Условия поиска не подходят: проверьте числа и значения."
        : "Каталог сейчас недоступен. Попробуйте ещё раз через минуту.";
    message.replaceChildren(
      h("p", {}, text),
      h("button", { type: "button", class: "button secondary", onclick: () => show(selection) }, "Повторить"),
    );
  }

  /**
   * @param {{ result: Record<string, any>[], meta: Record<string, any> }} page
   * @param {boolean} isFirst
   */
  function showPage({ result, meta }, isFirst) {
    const items = result.map((offer, index) => card(offer, isFirst ? index : index + 100));
    if (isFirst) {
      cards.replaceChildren(...items);
    } else {
      cards.append(...items);
      items[0]?.querySelector("a")?.focus({ preventScroll: true });
    }
    more.hidden = meta.next_cursor === null;
    more.onclick = async () => {
      more.disabled = true;
      try {
        const query = queryOf([...selection, ["limit", PAGE], ["cursor", meta.next_cursor]]);
        showPage(await api.offersPage(query, { signal: request?.signal }), false);
      } catch (error) {
        fail(error);
      } finally {
        more.disabled = false;
      }
    };
    if (meta.corrected) {
      message.replaceChildren(
        h(
          "p",
          {},
          `По запросу «${selection.get("q")}» ничего не найдено. Показано по запросу «${meta.corrected}».`,
        ),
      );
    }
  }

  /** @param {URLSearchParams} next */
  async function show(next) {
    selection = next;
    sort.value = selection.get("sort") ?? SORTS[0][0];
    showChips();
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    cards.setAttribute("aria-busy", "true");
    const conditions = new URLSearchParams([...selection].filter(([name]) => name !== "sort"));
    try {
      const [found, page] = await Promise.all([
        api.filters(queryOf(conditions), { signal }),
        api.offersPage(queryOf([...selection, ["limit", PAGE]]), { signal }),
      ]);
      filters = found;
      message.replaceChildren();
      showChips();
      facets.show(found, selection);
      const count = plural(found.total, LISTINGS);
      total.textContent = found.total === 0 ? "Ничего не найдено" : count;
      apply.textContent = `Показать ${count}`;
      showPage(page, true);
      if (page.result.length === 0) {
        message.replaceChildren(
          h("p", {}, "По этим условиям объявлений нет. Уберите одно из условий или измените запрос."),
        );
      }
    } catch (error) {
      fail(error);
    } finally {
      if (!signal.aborted) {
        cards.removeAttribute("aria-busy");
      }
    }
  }

  return { element, show, selection: () => selection };
}
