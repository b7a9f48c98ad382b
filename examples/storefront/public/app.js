// @ts-check
/** Pages and addresses: `./` is the catalogue, `favourites`, `car/{id}`. */
import { api, LANG } from "./api.js";
import { card } from "./cards.js";
import { detailPage } from "./detail.js";
import { h } from "./dom.js";
import { favourites, showCount } from "./favourites.js";
import { createList, selectionOf } from "./list.js";
import { startSearch } from "./search.js";

const BASE = new URL(document.baseURI).pathname;
const NAME = "Автомобили из Китая";
const main = /** @type {HTMLElement} */ (document.getElementById("main"));

/** The catalogue stays in memory with its scroll position, for the way back from a car.
 * @type {{ list: ReturnType<typeof createList>, scroll: number } | undefined} */
let catalogue;
/** @type {AbortController | undefined} */
let request;
let isFirstPage = true;

/** @param {URLSearchParams} selection */
const addressOf = (selection) => `${BASE}${selection.size === 0 ? "" : `?${selection}`}`;

/** @param {string} title @param {HTMLElement} element */
function show(title, element) {
  document.title = `${title} — ${NAME}`;
  main.replaceChildren(element);
  if (!isFirstPage) {
    main.focus({ preventScroll: true });
  }
  isFirstPage = false;
}

function showCatalogue() {
  const selection = selectionOf(location.search);
  search.show(selection.get("q") ?? "");
  if (catalogue === undefined) {
    catalogue = {
      list: createList(selection, (next) => history.pushState(null, "", addressOf(next))),
      scroll: 0,
    };
    show("Каталог", catalogue.list.element);
    catalogue.list.show(selection);
    return;
  }
  const { list, scroll } = catalogue;
  const isSame = `${list.selection()}` === `${selection}`;
  show("Каталог", list.element);
  if (isSame) {
    scrollTo(0, scroll);
  } else {
    scrollTo(0, 0);
    list.show(selection);
  }
}

/** @param {AbortSignal} signal */
async function showFavourites(signal) {
  const ids = favourites();
  const { result } =
    ids.length === 0 ? { result: [] } : await api.offersPage({ ids, lang: LANG }, { signal });
  show(
    "Избранное",
    h(
      "section",
      { class: "favourites", "aria-labelledby": "heading" },
      h("h1", { id: "heading" }, "Избранное"),
      result.length === 0
        ? h("p", { class: "message" }, "Здесь появятся автомобили, которые вы отметите сердечком в каталоге.")
        : h("ul", { class: "cards" }, ...result.map(card)),
    ),
  );
}

async function route() {
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  const path = location.pathname.slice(BASE.length);
  const car = /^car\/([^/]+)$/.exec(path)?.[1];
  try {
    if (path === "favourites") {
      await showFavourites(signal);
      scrollTo(0, 0);
    } else if (car !== undefined) {
      main.setAttribute("aria-busy", "true");
      const { title, element } = await detailPage(decodeURIComponent(car), signal, () => {
        if (catalogue === undefined) {
          navigate(BASE);
        } else {
          history.back();
        }
      });
      show(title, element);
      scrollTo(0, 0);
    } else {
      showCatalogue();
    }
  } catch (error) {
    if (!signal.aborted) {
      console.warn(error);
      show(
        "Ошибка",
        h(
          "div",
          { class: "message", role: "alert" },
          h("p", {}, "Страница сейчас недоступна. Попробуйте ещё раз через минуту."),
          h("button", { type: "button", class: "button secondary", onclick: route }, "Повторить"),
        ),
      );
    }
  } finally {
    if (!signal.aborted) {
      main.removeAttribute("aria-busy");
    }
  }
}

/** @param {string} address */
function navigate(address) {
  if (catalogue?.list.element.isConnected) {
    catalogue.scroll = scrollY;
  }
  history.pushState(null, "", address);
  route();
}

const search = startSearch((parameters) => navigate(addressOf(new URLSearchParams(parameters))));

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target).closest?.("a[data-link]");
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (target !== null && target !== undefined && isPlain && !event.defaultPrevented) {
    event.preventDefault();
    navigate(/** @type {HTMLAnchorElement} */ (target).href);
  }
});
history.scrollRestoration = "manual";
addEventListener("popstate", route);
showCount();
route();
