/**
 * Settings that change the meaning of SQL or the text form of values. A server, a database and a role can preset each of them
 * (`alter database … set datestyle`), so every session sets them itself: statements cast dates to text and back.
 */
const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  DateStyle: "ISO, YMD",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  standard_conforming_strings: "on",
  // When off, NULL in an array literal is the text "NULL".
  array_nulls: "on",
  transform_null_equals: "off",
  // Otherwise single statements fail with serialization errors.
  default_transaction_isolation: "read committed",
  gin_fuzzy_search_limit: "0",
};

const entries = Object.entries(SESSION_SETTINGS);

/** DateStyle is a list, the others are single values. */
const quoted = (name: string, value: string) => (name === "DateStyle" ? value : `'${value}'`);

/** As flags of the connection's `options`, which take precedence over presets. */
export const sessionFlags = entries.map(([name, value]) => `-c ${name}=${value.replaceAll(" ", "\\ ")}`);

/** As statements for one of our own sessions. */
export const setSession = entries.map(([name, value]) => `set ${name} to ${quoted(name, value)}`).join("; ");

/** SQL for the current values of a session, for {@link missingSettings}. */
export const SETTINGS_JSON = `json_build_object(${entries.map(([name]) => `'${name}', current_setting('${name}')`).join(", ")})`;

const UTC_NAMES = new Set(["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Universal", "Zulu"]);

/** Values that are acceptable besides ours; every other setting must be equal. */
const ACCEPTED: Readonly<Record<string, (value: string) => boolean>> = {
  // The second part only affects the input of dates that do not start with the year; ours do.
  DateStyle: (value) => value.startsWith("ISO"),
  TimeZone: (value) => UTC_NAMES.has(value),
  extra_float_digits: (value) => Number(value) >= 1,
};

const statementFor = (name: string, value: string) =>
  // The default would apply to the next transaction only.
  name === "default_transaction_isolation"
    ? `set transaction isolation level ${value}`
    : `set local ${name} to ${quoted(name, value)}`;

/** The statements that a transaction must start with on a session with these values. */
export function missingSettings(current: Readonly<Record<string, string>>): string[] {
  return entries
    .filter(([name, value]) => {
      const found = current[name] ?? "";
      return !(ACCEPTED[name]?.(found) ?? found === value);
    })
    .map(([name, value]) => statementFor(name, value));
}
