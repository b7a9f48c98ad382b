import { closest } from "../../util/closest.ts";

/** What other APIs call our parameters. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  brand: "mark",
  make: "mark",
  order: "sort",
  page_size: "limit",
  per_page: "limit",
  query: "q",
};

function otherName(name: string, known: readonly string[]): string | undefined {
  const meant = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  return meant !== undefined && known.includes(meant) ? meant : undefined;
}

/** `year`, `min_price` and `price_max` mean a bound of a range. */
function boundsMeant(name: string, known: readonly string[]): string | undefined {
  const [, before, middle, after] =
    /^(min_|max_)?(.+?)(_min|_max|_gte?|_lte?|_since|_until)?$/.exec(name) ?? [];
  const side = /max|lt|until/.test(`${before}${after}`) ? "to" : "from";
  const bound = `${middle}_${side}`;
  if (!known.includes(bound)) {
    return undefined;
  }
  return before === undefined && after === undefined ? `${middle}_from and ${middle}_to` : bound;
}

/** Message for an unknown parameter; continues a sentence that starts with its name. */
export function unknownMessage(name: string, known: readonly string[]): string {
  if (known.length === 0) {
    return "is unknown; this path takes no parameters";
  }
  const meant = boundsMeant(name, known) ?? otherName(name, known) ?? closest(name, known);
  return `is unknown; ${meant === undefined ? `the parameters are ${known.join(", ")}` : `did you mean ${meant}?`}`;
}
