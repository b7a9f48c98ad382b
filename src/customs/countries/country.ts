import type { CustomsTrack } from "../../listing/customs-facts.ts";
import type { Input } from "../input.ts";
import type { Sheet } from "../sheet.ts";

/** The rules of a country. Age classes are texts; what follows a `/` is not shown. */
export interface CountryRules<C extends string = string> {
  readonly currency: string;
  /** Every age class, youngest first. */
  readonly classes: readonly C[];
  /** The class of a car on the day of its declaration; dates are `YYYY-MM-DD`. */
  classOn(declared: string, produced: string): C;
  /** Names of the items; without a track, of the most frequent one. */
  itemsOf(track: CustomsTrack | null): readonly string[];
  /** Every possible result for an age class. */
  compute(input: Input, ageClass: C): readonly Sheet[];
}
