// @ts-check
/** The search field with suggestions: a combobox by the pattern of ARIA. */
import { api, LANG } from "./api.js";
import { h } from "./dom.js";
import { number } from "./format.js";

const DELAY_MS = 150;
const TYPES = { mark: "марка", model: "модель", city: "город" };

/** @typedef {{ type: "mark" | "model" | "city", value: string, mark?: string, label: string, count: number }} Suggestion */

/** @param {(parameters: Record<string, string>) => void} onSearch */
export function startSearch(onSearch) {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("search"));
  const input = /** @type {HTMLInputElement} */ (document.getElementById("q"));
  const list = /** @type {HTMLElement} */ (document.getElementById("suggestions"));
  /** @type {Suggestion[]} */
  let shown = [];
  let active = -1;
  /** @type {AbortController | undefined} */
  let request;
  /** @type {number | undefined} */
  let timer;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    shown = [];
    active = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  /** @param {number} index */
  const activate = (index) => {
    active = index;
    for (const [position, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(position === index));
    }
    if (index === -1) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", `suggestion-${index}`);
    }
  };

  /** @param {Suggestion} suggestion */
  const choose = ({ type, value, mark }) => {
    input.value = "";
    close();
    onSearch(type === "model" && mark ? { mark, model: value } : { [type]: value });
  };

  const suggest = async () => {
    const q = input.value.trim();
    request?.abort();
    request = new AbortController();
    if (q === "") {
      close();
      return;
    }
    const found = await api.suggest(q, { lang: LANG, signal: request.signal }).catch(() => null);
    if (found === null || document.activeElement !== input || input.value.trim() !== q) {
      return;
    }
    shown = found.result;
    active = -1;
    list.replaceChildren(
      ...shown.map((suggestion, index) =>
        h(
          "div",
          {
            id: `suggestion-${index}`,
            role: "option",
            "aria-selected": "false",
            // Before the field loses the focus, which closes the list.
            onpointerdown: (/** @type {Event} */ event) => {
              event.preventDefault();
              choose(suggestion);
            },
          },
          h(
            "span",
            {},
            suggestion.type === "model" && suggestion.mark ? `${suggestion.mark} ` : "",
            suggestion.type === "city" ? suggestion.label : suggestion.value,
          ),
          h("span", { class: "muted" }, `${TYPES[suggestion.type]} · ${number(suggestion.count)}`),
        ),
      ),
    );
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
  };

  input.addEventListener("input", () => {
    // The list is that of the text before; Enter searches for the new one.
    activate(-1);
    clearTimeout(timer);
    timer = setTimeout(suggest, DELAY_MS);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && shown.length > 0) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One more position than options: the text itself.
      activate(((active + 1 + step + shown.length + 1) % (shown.length + 1)) - 1);
    } else if (event.key === "Enter" && shown[active] !== undefined) {
      event.preventDefault();
      choose(shown[active]);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const q = input.value.trim();
    close();
    onSearch(q === "" ? {} : { q });
  });

  return {
    /** @param {string} q */
    show: (q) => {
      input.value = q;
    },
  };
}
