import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { silentLogger } from "../logging/types.ts";
import { BANK_PATH } from "./http/bank.ts";
import { createExports, EXPORT_PATH } from "./http/export.ts";
import { createFaults } from "./http/faults.ts";
import { createCallLimit } from "./http/offer-limit.ts";
import { BASE_PATH } from "./http/routes.ts";
import { createSandboxServer } from "./http/sandbox-server.ts";
import { MAX_LISTINGS } from "./listings/listings.ts";
import { createPictures } from "./pictures/pictures.ts";
import type { Sandbox, SandboxOptions } from "./types.ts";
import { createDays, type Days } from "./world/feed-days.ts";
import { createScriptedWorld } from "./world/scripted.ts";
import { createClockwork, createGeneratedWorld, type World } from "./world/world.ts";

/** Options with a default. */
const DEFAULTS = {
  port: 0,
  host: "127.0.0.1",
  offers: 740,
  changesPerDay: 60,
  seed: 1,
  days: 5,
  timezone: "Europe/Moscow",
  latencyMs: 0,
  pageSize: 20,
  retentionDays: 7,
  keepAliveTimeoutMs: 5_000,
  defects: false,
};

const DAY_MS = 86_400_000;

type Settings = typeof DEFAULTS & SandboxOptions;

const LIMITS: readonly [key: keyof typeof DEFAULTS, minimum: number, maximum: number][] = [
  ["port", 0, 65_535],
  ["offers", 0, MAX_LISTINGS],
  ["changesPerDay", 0, 1_000_000],
  ["seed", 0, 4_294_967_295],
  ["days", 0, 3_650],
  ["latencyMs", 0, 3_600_000],
  ["pageSize", 1, 1_000],
  ["retentionDays", 0, 3_650],
  ["keepAliveTimeoutMs", 1, 3_600_000],
];

function check(settings: typeof DEFAULTS): Days {
  const problems: ConfigProblem[] = LIMITS.flatMap(([key, minimum, maximum]) => {
    const value = settings[key] as number;
    const fits = Number.isInteger(value) && value >= minimum && value <= maximum;
    return fits
      ? []
      : [{ key, message: `must be a whole number from ${minimum} to ${maximum}, not ${value}` }];
  });
  let days: Days | undefined;
  try {
    days = createDays(settings.timezone);
  } catch {
    problems.push({ key: "timezone", message: `${settings.timezone} is not a time zone; try Europe/Moscow` });
  }
  if (!days || problems.length > 0) {
    throw new ConfigError(problems);
  }
  return days;
}

/** The data: a test's own, or generated. */
function createWorld(settings: Settings, days: Days, clock: () => number): World {
  const { source, bursts = {}, changedFields = "price" } = settings;
  const { retentionDays } = settings;
  const retentionMs = retentionDays === 0 ? undefined : retentionDays * DAY_MS;
  return source
    ? createScriptedWorld(source, { days, retentionMs, now: clock })
    : createGeneratedWorld({
        ...settings,
        daysBehind: settings.days,
        days,
        retentionMs,
        bursts,
        changedFields,
        now: clock,
      });
}

/** Listens. @returns the server's own address, `http://127.0.0.1:8080` @throws ConfigError when the port is taken */
async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "EADDRINUSE"
        ? "is taken; choose another or 0"
        : String(error);
    throw new ConfigError([{ key: "port", message: `${port} ${reason}` }], { cause: error });
  }
  const address = ["0.0.0.0", "::", ""].includes(host) ? DEFAULTS.host : host;
  const name = address.includes(":") ? `[${address}]` : address;
  return `http://${name}:${(server.address() as AddressInfo).port}`;
}

/**
 * Starts a local upstream: an HTTP server with the service's API, realistic listings generated from a seed, a change
 * feed of several days, daily files, and faults on demand.
 * @throws ConfigError when an option is out of range or the port is in use
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  // Scripted changes stay available.
  const retentionDays = options.source ? 0 : DEFAULTS.retentionDays;
  const settings = { ...DEFAULTS, retentionDays, ...Object.fromEntries(given) } as Settings;
  const { changesPerDay, logger = silentLogger, now = () => new Date() } = settings;
  const days = check(settings);
  const clock = () => now().getTime();
  const started = clock();
  const world = createWorld(settings, days, clock);
  const exports = createExports(
    world,
    { user: "sandbox", password: "sandbox", bom: true, withoutColumns: [], ...settings.export },
    { days, now: clock },
  );
  const due = createClockwork(settings.live && !settings.source ? changesPerDay : 0, started);
  const faults = createFaults(settings.faults);
  const closing = new AbortController();

  const { server, requests } = createSandboxServer({
    world,
    faults,
    settings: {
      pageSize: settings.pageSize,
      apiKey: settings.apiKey,
      feedEnd: settings.feedEnd ?? "null",
      offerForm: settings.offerForm ?? "bare",
      offerLimit: createCallLimit(settings.offerLimit ?? { calls: 270, windowMs: 300_000 }),
    },
    latencyMs: settings.latencyMs,
    keepAliveTimeoutMs: settings.keepAliveTimeoutMs,
    logger,
    now,
    exports,
    pictures: createPictures(world.catalogue.facts),
    beforeResponse() {
      const more = due(clock());
      if (more > 0) {
        world.advance(more, clock());
      }
    },
    signal: closing.signal,
  });
  const url = await listen(server, settings.port, settings.host);
  let closed: Promise<void> | undefined;

  return {
    url,
    baseUrl: url + BASE_PATH,
    exportUrl: url + EXPORT_PATH,
    ratesUrl: url + BANK_PATH,
    requests,
    addFault: faults.add,
    clearFaults: faults.clear,
    appendChanges: world.append,
    advance: (count) => world.advance(count, clock()),
    withdraw(innerId) {
      world.catalogue.apply({ innerId, kind: "removed", fields: {} }, undefined);
      const record = { inner_id: innerId, change_type: "removed", data: {} };
      return () => world.append([{ record: { ...record, created_at: days.iso(clock()) } }]);
    },
    stopFeed: world.feed.stop,
    resumeFeed: world.feed.resume,
    restartFeed: (firstId = 1) => world.feed.restart(firstId),
    replaceExport: exports.replace,
    current: () => world.current(),
    close() {
      closed ??= new Promise((resolve) => {
        closing.abort();
        server.close(() => void exports.close().then(resolve));
        server.closeAllConnections();
      });
      return closed;
    },
  };
}
