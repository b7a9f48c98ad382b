import { ConfigError, type ConfigProblem } from "../errors.ts";
import { isDay, isTimeZone } from "../util/days.ts";
import { A_DAY, A_TIME_ZONE, mustBe } from "../util/must-be.ts";

const asObject = (value: unknown): Readonly<Record<string, unknown>> => Object(value);

function problemOfPlace({ path, remote }: Readonly<Record<string, unknown>>): ConfigProblem | undefined {
  if (path !== undefined) {
    return typeof path === "string" && path !== ""
      ? undefined
      : { key: "path", message: "must be the path of a file" };
  }
  if (remote === undefined) {
    return {
      key: "path",
      message:
        "is missing; openExport needs `{ path }`, or `{ remote: { account: { url, user, password } } }`",
    };
  }
  const { url } = asObject(asObject(remote).account);
  return typeof url === "string" && URL.canParse(url)
    ? undefined
    : {
        key: "remote.account.url",
        message: "must be an address, everything before /{YYYY-MM-DD}/all_active.csv",
      };
}

/**
 * Checks which file is to be opened: in plain JavaScript, a wrong option would fail later, with a `TypeError`.
 *
 * @throws ConfigError with every problem
 */
export function checkChoice(choice: unknown, timezone: string): void {
  const given = asObject(choice);
  const problems: (ConfigProblem | undefined)[] = [
    problemOfPlace(given),
    given.date === undefined || (typeof given.date === "string" && isDay(given.date))
      ? undefined
      : { key: "date", message: mustBe(A_DAY, given.date) },
    isTimeZone(timezone) ? undefined : { key: "timezone", message: mustBe(A_TIME_ZONE, timezone) },
  ];
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) {
    throw new ConfigError(found);
  }
}
