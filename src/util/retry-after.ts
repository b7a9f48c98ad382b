/** IMF-fixdate, RFC 850 and asctime dates all start with the day of the week (RFC 9110 §5.6.7). */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/**
 * The delay of `Retry-After` in milliseconds (RFC 9110 §10.2.3): whole seconds or a date. A date is relative to the `Date`
 * of the same response, so that a wrong local clock does not matter; a past one is 0.
 * `undefined` when the header is absent or unreadable.
 */
export function parseRetryAfter(header: string | null, date: string | null = null): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d+$/.test(value)) {
    return Number(value) * 1000;
  }
  if (!HTTP_DATE.test(value)) {
    return undefined;
  }
  const at = parseHttpDate(value);
  const from = date === null ? undefined : parseHttpDate(date);
  return at === undefined ? undefined : Math.max(0, at - (from ?? Date.now()));
}

function parseHttpDate(text: string): number | undefined {
  // asctime has no zone, but is UTC as well.
  const milliseconds = Date.parse(/GMT|UTC|[+-]\d{4}$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
