const DIGITS = "一二三四五六七八九";

/** A Chinese numeral up to 99: `两`, `双` → 2, `七` → 7, `十` → 10, `十一` → 11, `二十` → 20. 0 when it is none. */
export function readHanNumber(numeral: string): number {
  if (numeral === "两" || numeral === "双") return 2;
  const [tens, ones] = numeral.includes("十") ? numeral.split("十") : [undefined, numeral];
  const tensValue = tens === undefined ? 0 : tens === "" ? 10 : 10 * digit(tens);
  return tensValue + (ones === undefined || ones === "" ? 0 : digit(ones));
}

function digit(numeral: string): number {
  return numeral.length === 1 ? DIGITS.indexOf(numeral) + 1 : 0;
}
