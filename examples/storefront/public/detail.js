// @ts-check
/** The page of one car. */
import { api, LANG } from "./api.js";
import { dropBadge, image, picture, placeholder } from "./cards.js";
import { h, icon, link, PHOTO } from "./dom.js";
import { favouriteButton } from "./favourites.js";
import {
  date,
  displacement,
  horsepower,
  labelOf,
  languageOf,
  mileage,
  number,
  price,
  title,
  titleWithYear,
} from "./format.js";

/** Fields of a listing that the page shows in another place, or that mean nothing to a buyer. */
const HIDDEN = new Set([
  ...["inner_id", "mark", "model", "title", "price", "images", "options", "description", "url", "place"],
  ...[
    "address",
    "salon_id",
    "specid",
    "first_registration_precision",
    "model_latin",
    "is_dealer",
    "trim_en",
    "trim_ru",
  ],
  ...["active", "active_status", "is_incomplete", "created_at", "updated_at", "first_seen_at", "removed_at"],
  ...["price_drop", "customs_power_basis", "seats_min", "seats_max"],
]);
/**
 * @param {Record<string, any>} offer
 * @param {Record<string, any>} field of `GET /fields`
 */
function shownValue(offer, { name, unit_label: unit }) {
  const value = offer[name];
  if (value === null || value === undefined || typeof value === "object") {
    return null;
  }
  if (typeof value === "boolean") {
    return value ? "Да" : "Нет";
  }
  if (typeof value === "number") {
    const text = /year|generation/.test(name) ? String(value) : number(value);
    return unit ? `${text} ${unit}` : text;
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    return name === "first_registration" && offer.first_registration_precision === "month"
      ? value.slice(0, 7).split("-").reverse().join(".")
      : date(value);
  }
  // The text itself is more useful than "other".
  const isOther = value === "other" && offer[`${name}_raw`];
  return isOther ? offer[`${name}_raw`] : labelOf(offer, name);
}

/**
 * @param {Record<string, any>} offer
 * @param {Record<string, any>[]} fields
 */
function specifications(offer, fields) {
  const rows = fields
    .filter(({ name }) => !HIDDEN.has(name))
    .map((field) => ({ field, value: shownValue(offer, field) }))
    .filter(({ value }) => value !== null && value !== "");
  const groups = Map.groupBy(rows, ({ field }) => field.group_label);
  return h(
    "section",
    { class: "specifications", "aria-labelledby": "specifications" },
    h("h2", { id: "specifications" }, "Характеристики"),
    h(
      "div",
      { class: "tables" },
      ...[...groups].map(([group, members]) =>
        h(
          "table",
          {},
          h("caption", {}, group),
          h(
            "tbody",
            {},
            ...members.map(({ field, value }) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, field.label),
                h("td", { lang: languageOf(String(value)) }, value),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {Record<string, any>} offer */
function gallery(offer) {
  /** @type {{ thumb: string, card: string, full: string }[]} */
  const sizes = offer.image_sizes ?? [];
  const name = titleWithYear(offer);
  const stage = h("div", { class: "stage" });
  const counter = h("p", { class: "counter", "aria-live": "polite" });
  let current = 0;

  /** @param {number} index */
  const show = (index) => {
    current = (index + sizes.length) % sizes.length;
    const one = sizes[current];
    const shown = /** @type {HTMLElement} */ (
      picture(one, `${name}: фото ${current + 1} из ${sizes.length}`, { isFirst: true })
    );
    if (one !== undefined) {
      shown.setAttribute("srcset", `${one.card} 480w, ${one.full} 1024w`);
      shown.setAttribute("sizes", "(max-width: 60rem) 100vw, 46rem");
    }
    stage.replaceChildren(shown);
    counter.textContent = `${current + 1} / ${sizes.length}`;
    for (const [position, button] of [...thumbs.children].entries()) {
      button.firstElementChild?.setAttribute("aria-current", String(position === current));
    }
  };
  const thumbs = h(
    "ul",
    { class: "thumbs", "aria-label": "Фотографии" },
    ...sizes.map(({ thumb }, index) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", "aria-label": `Фото ${index + 1}`, onclick: () => show(index) },
          image({ src: thumb, alt: "", width: 120, height: 90, loading: index < 8 ? "eager" : "lazy" }, () =>
            placeholder("", icon(PHOTO)),
          ),
        ),
      ),
    ),
  );
  if (sizes.length === 0) {
    stage.append(picture(undefined, name));
    return h("div", { class: "gallery" }, stage);
  }
  show(0);
  if (sizes.length === 1) {
    return h("div", { class: "gallery" }, stage);
  }
  const step = (/** @type {number} */ by, /** @type {string} */ label, /** @type {string} */ sign) =>
    h(
      "button",
      {
        type: "button",
        class: `step ${by < 0 ? "back" : "next"}`,
        "aria-label": label,
        onclick: () => show(current + by),
      },
      sign,
    );
  return h(
    "div",
    {
      class: "gallery",
      role: "group",
      "aria-label": "Фотографии автомобиля",
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (by !== undefined) {
          event.preventDefault();
          show(current + by);
        }
      },
    },
    h(
      "div",
      { class: "stage-frame" },
      stage,
      step(-1, "Предыдущее фото", "‹"),
      step(1, "Следующее фото", "›"),
      counter,
    ),
    thumbs,
  );
}

/** @param {{ at: string, price: number }[]} history */
function priceHistory(history) {
  const steps = history.filter(({ price: value }) => value !== null);
  return (
    steps.length > 1 &&
    h(
      "details",
      { class: "history" },
      h("summary", {}, "История цены"),
      h(
        "ol",
        {},
        ...steps.map(({ at, price: value }) =>
          h("li", {}, h("span", { class: "muted" }, date(at)), price(value)),
        ),
      ),
    )
  );
}

/** @param {Record<string, any> | null} estimate of `GET /offers/{inner_id}/customs` */
function customs(estimate) {
  if (estimate === null) {
    return null;
  }
  /** @param {string | null | undefined} amount */
  const money = (amount) =>
    amount === null || amount === undefined
      ? "неизвестно"
      : new Intl.NumberFormat("ru", {
          style: "currency",
          currency: estimate.currency,
          maximumFractionDigits: 0,
        }).format(Number(amount));
  const isKnown = estimate.status !== "not_computed";
  const { labels } = estimate;
  const total =
    estimate.total !== null
      ? money(estimate.total)
      : isKnown && estimate.total_min !== null
        ? `${money(estimate.total_min)} — ${money(estimate.total_max)}`
        : "Сумма неизвестна";
  const notes = [...(isKnown ? [] : Object.values(labels.missing)), ...Object.values(labels.warnings)];
  const items = Object.entries(estimate.items).filter(
    ([, amount]) => amount === null || Number(amount) !== 0,
  );
  return h(
    "section",
    { class: "customs", "aria-labelledby": "customs" },
    h("h2", { id: "customs" }, "Таможенные платежи в России"),
    h("p", { class: "customs-total" }, total),
    h(
      "p",
      { class: "muted" },
      `${Object.values(labels.status)} · на ${date(estimate.date)} · для личного пользования`,
    ),
    isKnown &&
      h(
        "dl",
        {},
        ...items.flatMap(([name, amount]) => [
          h("dt", {}, labels.items[name] ?? name),
          h("dd", {}, amount === null ? "зависит от варианта" : money(amount)),
        ]),
      ),
    notes.length > 0 && h("ul", { class: "notes" }, ...notes.map((note) => h("li", {}, note))),
    h("p", { class: "muted small" }, "Оценка, а не консультация: точную сумму определяет таможня."),
  );
}

/** Pieces of equipment that are shown before the rest is requested. */
const EQUIPMENT_SHOWN = 24;

/** @param {Record<string, any>} offer */
function equipment(offer) {
  /** @type {{ code?: string, zh?: string, ru?: string }[]} */
  const options = offer.options ?? [];
  const names = options
    .map((option) => offer.labels?.options?.[option.code ?? ""] ?? option.ru ?? option.zh)
    .filter(Boolean);
  if (names.length === 0) {
    return null;
  }
  const items = names.map((name, index) =>
    h("li", { lang: languageOf(name), hidden: index >= EQUIPMENT_SHOWN }, name),
  );
  const button = h(
    "button",
    {
      type: "button",
      class: "text-button",
      onclick: () => {
        for (const item of items) {
          item.hidden = false;
        }
        button.remove();
      },
    },
    `Показать всё оснащение: ${number(names.length)}`,
  );
  return h(
    "section",
    { "aria-labelledby": "equipment" },
    h("h2", { id: "equipment" }, "Оснащение"),
    h("ul", { class: "equipment" }, ...items),
    names.length > EQUIPMENT_SHOWN && button,
  );
}

/** @param {Record<string, any>} offer */
function summary(offer) {
  const facts = [
    ["Год", offer.year],
    ["Пробег", mileage(offer)],
    [
      "Двигатель",
      [displacement(offer), horsepower(offer), labelOf(offer, "engine_type")].filter(Boolean).join(", "),
    ],
    ["Коробка", labelOf(offer, "transmission_type")],
    ["Привод", labelOf(offer, "drive_type")],
    ["Цвет", labelOf(offer, "color")],
    ["Город", labelOf(offer, "city")],
  ].filter(([, value]) => value);
  return h(
    "dl",
    { class: "summary" },
    ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @param {() => void} onBack
 */
export async function detailPage(id, signal, onBack) {
  const call = { signal, lang: LANG };
  const [offer, { result: fields }, estimate] = await Promise.all([
    api.offer(id, call),
    api.fields(call),
    // The page is complete without an estimate, for which the operator must configure exchange rates.
    api.customs(id, { country: "ru", lang: LANG }, { signal }).catch(() => null),
  ]);
  const back = link(
    "./",
    {
      class: "back",
      onclick: (/** @type {Event} */ event) => {
        event.preventDefault();
        event.stopPropagation();
        onBack();
      },
    },
    "← К каталогу",
  );
  if (offer === null) {
    return {
      title: "Объявление не найдено",
      element: h(
        "div",
        { class: "detail" },
        back,
        h("h1", {}, "Объявление не найдено"),
        h("p", {}, "Возможно, автомобиль продан."),
      ),
    };
  }
  const name = titleWithYear(offer);
  const trim = offer.trim_ru ?? offer.trim;
  return {
    title: name,
    element: h(
      "article",
      { class: "detail" },
      back,
      h(
        "div",
        { class: "detail-head" },
        h("h1", {}, name),
        trim && h("p", { class: "muted", lang: languageOf(trim) }, trim),
      ),
      h(
        "div",
        { class: "columns" },
        gallery(offer),
        h(
          "div",
          { class: "offer-panel" },
          offer.active === false && h("p", { class: "notice" }, "Автомобиль снят с продажи."),
          h("p", { class: "price large" }, price(offer.price), dropBadge(offer)),
          priceHistory(offer.price_history ?? []),
          summary(offer),
          h(
            "div",
            { class: "actions" },
            favouriteButton(id, title(offer), "В избранное"),
            offer.url &&
              h(
                "a",
                { class: "button", href: offer.url, rel: "noopener noreferrer", target: "_blank" },
                "Открыть на che168.com",
              ),
          ),
          h(
            "p",
            { class: "muted small" },
            `№ ${id}`,
            offer.offer_created && `, размещено ${date(offer.offer_created)}`,
          ),
        ),
      ),
      customs(estimate),
      specifications(offer, fields),
      equipment(offer),
      offer.description &&
        h(
          "section",
          { "aria-labelledby": "description" },
          h("h2", { id: "description" }, "Описание продавца"),
          h("p", { class: "description", lang: languageOf(offer.description) }, offer.description),
        ),
    ),
  };
}
