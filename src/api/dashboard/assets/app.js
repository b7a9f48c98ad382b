import { drawPlots } from "./plots.js";
import { TEXTS } from "./texts.js";

// Values are written as text only. The token stays in this tab's sessionStorage.

const REFRESH_MS = 60_000;
const PERIODS = [14, 30, 90, 365];
const TOKEN = "che168-token";
const LANGUAGE = "che168-language";

const at = (id) => document.getElementById(id);
const hosts = {
  changes: at("plot-changes"),
  active: at("plot-active"),
  filled: at("plot-filled"),
  durations: at("plot-durations"),
};
let language = localStorage.getItem(LANGUAGE) ?? (navigator.language.startsWith("ru") ? "ru" : "en");
let days = 30;
let shown;
let timer;

const texts = () => TEXTS[language];
const number = (value) => new Intl.NumberFormat(language).format(value);

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text ?? "";
  if (className) {
    made.className = className;
  }
  return made;
}

/** `5 minutes ago`, in the language of the page. */
function age(seconds) {
  const [unit, size] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ].find(([name, length]) => seconds >= length * (name === "day" ? 2 : 1)) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(language, { style: "short" }).format(-Math.floor(seconds / size), unit);
}

const ISO_TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

const localTime = (iso, timeZone) =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone }).format(
    new Date(iso),
  );

function duration(seconds) {
  const parts = [
    [Math.floor(seconds / 3_600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ].filter(([value]) => value > 0);
  return parts.length === 0
    ? "0s"
    : parts
        .slice(0, 2)
        .map(([value, unit]) => `${value}${unit}`)
        .join(" ");
}

function tile(label, value, note, isBad) {
  const made = element("div", "", isBad ? "tile bad" : "tile");
  made.append(element("span", label, "quiet"), element("strong", value), element("span", note, "quiet"));
  return made;
}

function showTiles({ listings, feed, health }, daily) {
  const codes = new Set(health?.reasons.map(({ code }) => code));
  const today = daily.result.at(-1);
  const names = texts().tiles;
  const changes = today === undefined ? null : today.added + today.changed + today.removed;
  at("tiles").replaceChildren(
    tile(
      names.age,
      feed?.age_seconds == null ? "–" : age(feed.age_seconds),
      feed?.data_as_of == null ? "" : localTime(feed.data_as_of, daily.timezone),
      codes.has("stale") || codes.has("feed_silent"),
    ),
    tile(names.active, number(listings.active), `${number(listings.incomplete)} ${names.incomplete}`),
    tile(names.today, changes === null ? "–" : number(changes), today?.day ?? "", codes.has("volume_low")),
    tile(names.day, feed?.last_successful_date ?? "–", daily.timezone),
    tile(names.missing, feed == null ? "–" : number(feed.missing_changes), "", codes.has("feed_gap")),
  );
}

function showReasons({ health }, { timezone }) {
  const items = (health?.reasons ?? []).map(({ code, message: received, remedy }) => {
    const message = received.replace(ISO_TIME, (iso) => localTime(iso, timezone));
    const item = element("li");
    item.append(element("strong", code));
    const own = texts().reasons[code];
    item.append(
      ...(own
        ? [element("p", own), element("p", message, "quiet")]
        : [element("p", message), element("p", `→ ${remedy}`, "quiet")]),
    );
    return item;
  });
  if (items.length === 0) {
    items.push(health == null ? element("li", texts().unknown) : element("li", texts().healthy, "good"));
  }
  at("reasons").replaceChildren(...items);
}

function showRuns({ operations }, { timezone }) {
  const head = element("tr");
  head.append(...texts().columns.map((text) => element("th", text)));
  at("runs-head").replaceChildren(head);
  const rows = operations.map((run) => {
    const row = element("tr");
    const state = run.state === "finished" ? run.status : run.state;
    const counts = Object.entries(run.details).filter(([, value]) => value !== 0);
    row.append(
      element("td", localTime(run.started_at, timezone)),
      element("td", run.command),
      element("td", texts().states[state], state === "OK" ? "good" : state === "running" ? "" : "bad"),
      element("td", duration(run.duration)),
      element("td", counts.map(([name, value]) => `${name} ${number(value)}`).join(", ")),
    );
    return row;
  });
  at("runs").replaceChildren(...rows);
}

function showTexts() {
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-text]")) {
    one.textContent = texts()[one.dataset.text];
  }
  at("language").textContent = texts().other;
  at("leave").textContent = texts().leave;
  at("days").replaceChildren(
    ...PERIODS.map((period) => {
      const option = element("option", texts().period(period));
      option.value = String(period);
      option.selected = period === days;
      return option;
    }),
  );
}

function showData() {
  if (shown === undefined) {
    return;
  }
  const { stats, daily, time } = shown;
  at("updated").textContent = texts().updated(
    new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(time),
  );
  showTiles(stats, daily);
  showReasons(stats, daily);
  showRuns(stats, daily);
  for (const host of drawPlots(daily, hosts, { texts: texts(), language })) {
    host.append(element("p", texts().noData, "quiet"));
  }
}

/** Shows the form or the dashboard. */
function setEntered(isEntered) {
  at("enter").hidden = isEntered;
  at("dashboard").hidden = !isEntered;
  at("leave").hidden = !isEntered;
  at("days").hidden = !isEntered;
}

function leave(message = "") {
  sessionStorage.removeItem(TOKEN);
  clearTimeout(timer);
  shown = undefined;
  at("updated").textContent = "";
  at("message").textContent = message;
  setEntered(false);
}

async function read(path, token) {
  const response = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) {
    throw Object.assign(new Error(`${response.status}`), { status: response.status });
  }
  return response.json();
}

async function refresh() {
  clearTimeout(timer);
  const token = sessionStorage.getItem(TOKEN);
  if (token === null) {
    return;
  }
  try {
    const [stats, daily] = await Promise.all([read("stats", token), read(`stats/daily?days=${days}`, token)]);
    shown = { stats, daily, time: new Date() };
    at("message").textContent = "";
    setEntered(true);
    showData();
  } catch (error) {
    const { errors } = texts();
    if (error.status === 401 || error.status === 403) {
      leave(errors[error.status]);
      return;
    }
    at("message").textContent = errors[error.status] ?? errors.other;
  }
  timer = setTimeout(refresh, REFRESH_MS);
}

at("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = at("token").value.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    at("message").textContent = texts().errors.form;
    return;
  }
  at("token").value = "";
  sessionStorage.setItem(TOKEN, token);
  refresh();
});
at("leave").addEventListener("click", () => leave());
at("language").addEventListener("click", () => {
  language = language === "en" ? "ru" : "en";
  localStorage.setItem(LANGUAGE, language);
  showTexts();
  showData();
});
at("days").addEventListener("change", (event) => {
  days = Number(event.target.value);
  refresh();
});

showTexts();
setEntered(false);
refresh();
