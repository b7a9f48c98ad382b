import { FIELD_NAMES, type FieldName, fieldOf, GROUPS, type Group, UNITS } from "./fields.ts";
import type { Language } from "./vocabulary/types.ts";

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

/** In the order of the names of fields, groups and units. */
const LANGUAGES: readonly Language[] = ["en", "ru", "zh"];

/** Fields of API responses that are not fields of a listing. */
const SERVED: Readonly<Record<string, readonly [en: string, ru: string, zh: string]>> = {
  active: ["For sale", "В продаже", "在售"],
  active_status: [
    "Status: 0 for sale, 1 removed",
    "Статус: 0 — в продаже, 1 — снято",
    "状态：0 在售，1 已下架",
  ],
  is_incomplete: ["Known only in part", "Известно не полностью", "信息不完整"],
  created_at: ["Last change in the feed", "Последнее изменение в ленте", "最近变动时间"],
  updated_at: ["Last change of the content", "Последнее изменение содержания", "内容更新时间"],
  first_seen_at: ["First seen", "Впервые замечено", "首次出现时间"],
  removed_at: ["Removed", "Снято с продажи", "下架时间"],
  days_on_market: ["Days on the market", "Дней в продаже", "在售天数"],
  price_drop: ["Last price reduction, CNY", "Последнее снижение цены, юани", "最近降价金额（元）"],
  price_history: ["Price history", "История цены", "价格历史"],
  image: ["First photo", "Первая фотография", "首图"],
  image_sizes: ["Photos by size", "Фотографии по размерам", "各尺寸图片"],
};

/**
 * Every field of a listing and of an API response: name, label, group, unit and order, so that a site can show a
 * specification table without a dictionary of its own. Pure.
 *
 * @example describeFields("ru").find(({ name }) => name === "power") // { label: "Мощность", group: "engine", unit: "hp", … }
 */
export function describeFields(language: Language = "en"): FieldDescription[] {
  const at = LANGUAGES.indexOf(language);
  const groups = Object.keys(GROUPS) as Group[];
  const describe = (name: string, labels: readonly string[], group: Group, unit?: keyof typeof UNITS) => ({
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
  const served = Object.entries(SERVED).map(([name, labels]) => describe(name, labels, "offer"));
  return [...fields, ...served]
    .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group))
    .map((field, order) => ({ ...field, order }));
}
