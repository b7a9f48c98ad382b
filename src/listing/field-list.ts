import { FIELD_NAMES, type FieldName, fieldOf, GROUPS, type Group, UNITS, type Unit } from "./fields.ts";
import { LANGUAGES, type Language } from "./vocabulary/types.ts";

/** A field of a listing, as a site displays it. */
export interface FieldDescription {
  readonly name: string;
  /** In the requested language, like the other labels. */
  readonly label: string;
  /** Section of a specification table. */
  readonly group: Group;
  readonly group_label: string;
  /** Null for a field that is not a quantity. */
  readonly unit: string | null;
  readonly unit_label: string | null;
  /** Position in a specification table, from 0: by group, and by field within it. */
  readonly order: number;
}

type Names = readonly [en: string, ru: string, zh: string];

/** Fields of API responses that are not fields of a listing. */
const SERVED: Readonly<Record<string, { readonly name: Names; readonly unit?: Unit }>> = {
  active: { name: ["For sale", "В продаже", "在售"] },
  active_status: {
    name: ["Status: 0 for sale, 1 removed", "Статус: 0 — в продаже, 1 — снято", "状态：0 在售，1 已下架"],
  },
  is_incomplete: { name: ["Known only in part", "Известно не полностью", "信息不完整"] },
  created_at: { name: ["Last change in the feed", "Последнее изменение в ленте", "最近变动时间"] },
  updated_at: {
    name: ["Last change of the content", "Последнее изменение содержания", "内容更新时间"],
  },
  first_seen_at: { name: ["First seen", "Впервые замечено", "首次出现时间"] },
  removed_at: { name: ["Removed", "Снято с продажи", "下架时间"] },
  days_on_market: { name: ["Time on the market", "Срок продажи", "在售时长"], unit: "d" },
  price_drop: {
    name: ["Last price reduction", "Последнее снижение цены", "最近降价金额"],
    unit: "CNY",
  },
  price_history: { name: ["Price history", "История цены", "价格历史"] },
  image: { name: ["First photo", "Первая фотография", "首图"] },
  image_sizes: { name: ["Photos by size", "Фотографии по размерам", "各尺寸图片"] },
};

/** The first fields of the engine's section; all others are in the order of their declarations. */
const FIRST_OF_ENGINE =
  "engine_type hybrid_kind displacement displacement_cc cylinders cylinder_layout aspiration".split(" ");
const positionIn = (names: readonly string[], name: string): number =>
  names.includes(name) ? names.indexOf(name) : names.length;

/**
 * Every field of a listing and of an API response: name, label, group, unit and order, so that a site can show a
 * specification table without a dictionary of its own. Pure.
 *
 * @example describeFields("ru").find(({ name }) => name === "power") // { label: "Мощность", group: "engine", unit: "hp", … }
 */
export function describeFields(language: Language = "en"): FieldDescription[] {
  const at = LANGUAGES.indexOf(language);
  const groups = Object.keys(GROUPS) as Group[];
  const describe = (name: string, labels: Names, group: Group, unit?: Unit) => ({
    name,
    label: labels[at] ?? name,
    group,
    group_label: GROUPS[group][at] ?? group,
    unit: unit ?? null,
    unit_label: unit === undefined ? null : (UNITS[unit][at] ?? unit),
  });
  const fields = FIELD_NAMES.map((name: FieldName) => {
    const { name: labels, group, unit } = fieldOf(name);
    return describe(name, labels, group, unit);
  });
  const served = Object.entries(SERVED).map(([name, { name: labels, unit }]) =>
    describe(name, labels, "offer", unit),
  );
  return [...fields, ...served]
    .sort(
      (a, b) =>
        groups.indexOf(a.group) - groups.indexOf(b.group) ||
        positionIn(FIRST_OF_ENGINE, a.name) - positionIn(FIRST_OF_ENGINE, b.name),
    )
    .map((field, order) => ({ ...field, order }));
}

/** The label of a value of a text that has only a few: `parallel` of `hybrid_kind`. Undefined for any other. */
export const labelOfValue = (field: FieldName, value: string, language: Language): string | undefined =>
  fieldOf(field).values?.[value]?.[LANGUAGES.indexOf(language)];
