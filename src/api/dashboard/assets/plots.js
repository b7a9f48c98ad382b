// Plots by uPlot, which is loaded as a global before this module.

const HEIGHT = 240;
/** From zero, with room above. */
const fromZero = (_, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.08];
/** Around the values: large numbers that change little. */
const around = (_, low, high) => {
  const room = Math.max((high - low) * 0.25, high * 0.005, 1);
  return [Math.max(0, low - room), high + room];
};
const COLORS = ["#1f4b99", "#d97706", "#b42318", "#1d7a46", "#7c3aed", "#0e7490", "#6b7280"];

/** Seconds since 1970 of a day's midnight in UTC; plots of days are drawn in UTC. */
const secondsOf = (day) => Date.parse(`${day}T00:00:00Z`) / 1000;

/** Formats of one language and time zone. */
function formatsOf({ language, timeZone }) {
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return {
    x: (seconds) => date.format(new Date(seconds * 1000)),
    y: (value) => (value == null ? "–" : number.format(value)),
  };
}

/** Draws one plot into a host, replacing what it shows; its width follows that of the host. */
function draw(host, { xLabel, formats, names, data, limits, isSparse = false }) {
  host.plot?.destroy();
  host.plot = undefined;
  host.replaceChildren();
  if (data[0].length === 0 || data.slice(1).every((values) => values.every((value) => value === null))) {
    return false;
  }
  const axis = {
    font: "12px system-ui",
    stroke: "#5b6675",
    grid: { stroke: "#eef1f4" },
    ticks: { show: false },
  };
  // Without a pointer the legend shows the latest values.
  const showLatest = (plot) => plot.cursor.idx ?? plot.setLegend({ idx: data[0].length - 1 }, false);
  const plot = new uPlot(
    {
      hooks: { ready: [showLatest], setCursor: [showLatest] },
      width: Math.max(host.clientWidth, 200),
      height: HEIGHT,
      padding: [8, 8, 0, 0],
      scales: { y: { range: limits ?? fromZero } },
      cursor: { drag: { x: false, y: false } },
      series: [
        { label: xLabel, value: (_, value) => (value == null ? "–" : formats.x(value)) },
        ...names.map((label, index) => ({
          label,
          stroke: COLORS[index % COLORS.length],
          width: 2,
          spanGaps: isSparse,
          points: { show: data[0].length < 40 || isSparse, size: 5 },
          value: (_, value) => formats.y(value),
        })),
      ],
      axes: [
        {
          ...axis,
          space: 64,
          incrs: [1, 2, 5, 10, 15, 30].map((days) => days * 86_400),
          values: (_, splits) => splits.map(formats.x),
        },
        { ...axis, size: 62, values: (_, splits) => splits.map(formats.y) },
      ],
    },
    data,
    host,
  );
  host.plot = plot;
  host.observer?.disconnect();
  host.observer = new ResizeObserver(() => {
    const width = Math.max(host.clientWidth, 200);
    if (width !== plot.width) {
      plot.setSize({ width, height: HEIGHT });
    }
  });
  host.observer.observe(host);
  return true;
}

/**
 * Draws all plots.
 *
 * @param daily the response of /stats/daily
 * @returns hosts without data
 */
export function drawPlots(daily, hosts, { texts, language }) {
  const formats = formatsOf({ language, timeZone: "UTC" });
  const days = daily.result;
  const x = days.map(({ day }) => secondsOf(day));
  const ofDays = (names, pick, limits) => ({
    xLabel: texts.day,
    formats,
    names,
    data: [x, ...pick],
    limits,
  });
  const kinds = ["added", "changed", "removed"];
  const fields = [...new Set(days.flatMap(({ filled }) => Object.keys(filled ?? {})))];
  const runs = daily.operations.filter(({ state }) => state === "finished");
  const commands = [...new Set(runs.map(({ command }) => command))];
  const starts = [...new Set(runs.map(({ started_at }) => Date.parse(started_at) / 1000))].sort(
    (a, b) => a - b,
  );
  const durations = commands.map((command) => {
    const minutes = new Map(
      runs
        .filter((run) => run.command === command)
        .map(({ started_at, duration }) => [Date.parse(started_at) / 1000, duration / 60]),
    );
    return starts.map((start) => minutes.get(start) ?? null);
  });
  const plots = [
    [
      hosts.changes,
      ofDays(
        kinds.map((kind) => texts.kinds[kind]),
        kinds.map((kind) => days.map((day) => day[kind])),
      ),
    ],
    [hosts.active, ofDays([texts.active], [days.map(({ active }) => active)], around)],
    [
      hosts.filled,
      ofDays(
        fields,
        fields.map((field) =>
          days.map(({ filled }) => (filled?.[field] == null ? null : filled[field] * 100)),
        ),
        [0, 100],
      ),
    ],
    [
      hosts.durations,
      {
        xLabel: texts.time,
        formats: formatsOf({ language, timeZone: daily.timezone }),
        names: commands,
        data: [starts, ...durations],
        isSparse: true,
      },
    ],
  ];
  return plots.flatMap(([host, options]) => (draw(host, options) ? [] : [host]));
}
