/** A language of labels. */
export type Language = "en" | "ru" | "zh";

/** In the order of the names that fields, groups, units and values are declared with. */
export const LANGUAGES = ["en", "ru", "zh"] as const satisfies readonly Language[];

/** Display names of a code. */
export type TermLabels = Readonly<Record<Language, string>>;

/** A code's labels, and further spellings that mean it. The labels are spellings too. */
export interface Term extends TermLabels {
  readonly spellings: readonly string[];
}

/** Fields whose values are codes; each has its own file in this folder. */
export const CATEGORIES = [
  "engine_type",
  "transmission_type",
  "body_type",
  "drive_type",
  "motor_position",
  "color",
  "seller_type",
  "section",
  "emission_standard",
  "car_class",
  "aspiration",
  "cylinder_layout",
  "battery_chemistry",
  "material",
  "suspension",
] as const;
/** A field whose values are codes. */
export type Category = (typeof CATEGORIES)[number];

/** A term as a user adds it. A new code without a label in some language is shown by one of its other labels. */
export interface UserTerm {
  readonly en?: string;
  readonly ru?: string;
  readonly zh?: string;
  readonly spellings?: readonly string[];
}

/**
 * A user's own spellings, labels and codes, which override the built-in vocabulary. Under a
 * category, `options` and `specifications` the keys are codes; under `marks` they are the canonical Latin names; under `trims`
 * the Chinese words that trims are made of;
 * `models` translates spellings under a mark's name (`{"Geely": {"星愿": "Xingyuan"}}`).
 *
 * @example { color: { black: { spellings: ["午夜幻影"] } }, marks: { Foo: { zh: "福", spellings: ["福牌"] } } }
 */
export type UserVocabulary = Partial<
  Record<Category | "marks" | "options" | "specifications" | "trims", Readonly<Record<string, UserTerm>>>
> & {
  models?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
