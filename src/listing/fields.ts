import type { Category } from "./vocabulary/types.ts";

export {
  CATEGORIES,
  type Category,
  LANGUAGES,
  type Language,
  type UserVocabulary,
} from "./vocabulary/types.ts";

/** One field of a listing. */
export interface Field {
  /** `marker` is true or null, never false; `json` is one of {@link JsonTypes}, by the field's name. */
  readonly kind: "text" | "int" | "decimal" | "flag" | "marker" | "category" | "date" | "json";
  /** Names in English, Russian and Chinese; the English one opens the documentation of the field. */
  readonly name: readonly [en: string, ru: string, zh: string];
  /** Unit of a number; its names are in {@link UNITS}. */
  readonly unit?: Unit;
  /** Further sentences of the documentation. */
  readonly note?: string;
  /** Section of a specification table that the field is shown in. */
  readonly group: Group;
  /** Lowest and highest value, both allowed. The parser rejects others, and reads 0 as missing where it is outside. */
  readonly range?: readonly [min: number, max: number];
  /** Decimal places of a `decimal`. @default 6 */
  readonly digits?: number;
  /** All values of a text that has only a few, with their labels. */
  readonly values?: Readonly<Record<string, readonly [en: string, ru: string, zh: string]>>;
  /** Vocabulary of the codes, where it is not named like the field. */
  readonly vocabulary?: Category | "mark";
  /** False for a category without `<name>_raw`, which otherwise keeps the text of a code `other`. */
  readonly raw?: false;
  /** True when the key is missing instead of null. */
  readonly optional?: true;
  /** `format` of the JSON schema. */
  readonly format?: "uri";
  /** The field has a column in `processed_data`, of the type of its kind; a decimal says which. Others live in `normalized_data` only. */
  readonly column?: true | `numeric(${number},${number})`;
  /** Served by `GET /offers`. */
  readonly card?: true;
  /**
   * Filter of `GET /offers`: by `values` (any of several), by `range` (`<name>_from`, `<name>_to`) or by a `flag` (whether
   * there is a value). Needs a column.
   */
  readonly filter?: ValuesFilter | RangeFilter | FlagFilter;
  /** A group of `GET /filters`; `requested`: only when `facets` names it. Ranges are always listed. */
  readonly facet?: true | "requested";
  /** `covering`: a covering index for sorting, which makes the field a sort key. `equality`: a plain index. */
  readonly index?: "covering" | "equality";
  /** Found by `q`. */
  readonly search?: true;
}

/** Matches any of several values. */
export interface ValuesFilter {
  /** Example in OpenAPI. */
  readonly values: string;
  /** Addition to the description of the parameter. */
  readonly note?: string;
  /** Not in the covering indexes: seldom used, so rows are read to check it. */
  readonly covered?: false;
}

/** Matches values between two bounds, both included. */
export interface RangeFilter {
  /** Examples of the lower and the upper bound in OpenAPI. */
  readonly range: readonly [from: string, to: string];
  /** Highest bound that the parameter takes. @default the highest value of the column */
  readonly max?: number;
  /** Name of the parameters without `_from` and `_to`. @default the name of the field */
  readonly as?: string;
  /** Not in the covering indexes: seldom used, so rows are read to check it. */
  readonly covered?: false;
}

/** Matches by whether the field has a value. */
export interface FlagFilter {
  /** Name of the parameter, `true` or `false`. */
  readonly flag: string;
  readonly covered: false;
}

/** Units in English, Russian and Chinese. */
export const UNITS = {
  CNY: ["CNY", "юань", "元"],
  km: ["km", "км", "公里"],
  mm: ["mm", "мм", "毫米"],
  kg: ["kg", "кг", "千克"],
  L: ["L", "л", "升"],
  "cm³": ["cm³", "см³", "毫升"],
  hp: ["metric hp", "л. с.", "马力"],
  kW: ["kW", "кВт", "千瓦"],
  kWh: ["kWh", "кВт·ч", "千瓦时"],
  N·m: ["N·m", "Н·м", "牛·米"],
  V: ["V", "В", "伏"],
  "km/h": ["km/h", "км/ч", "公里/小时"],
  s: ["s", "с", "秒"],
  "L/100 km": ["L/100 km", "л/100 км", "升/百公里"],
  d: ["days", "дн.", "天"],
} as const satisfies Record<string, readonly [en: string, ru: string, zh: string]>;
/** A unit of a numeric field. */
export type Unit = keyof typeof UNITS;

/** Sections of a specification table, in order, in English, Russian and Chinese. */
export const GROUPS = {
  car: ["Car", "Автомобиль", "车辆"],
  offer: ["Offer", "Предложение", "车源"],
  place: ["Location", "Местоположение", "所在地"],
  engine: ["Engine and motors", "Двигатель и электромоторы", "发动机与电机"],
  battery: ["Battery", "Батарея", "电池"],
  drivetrain: ["Drivetrain and suspension", "Трансмиссия и подвеска", "传动与悬架"],
  body: ["Body", "Кузов", "车身"],
  performance: ["Performance", "Динамика и расход", "性能"],
  import: ["Import", "Ввоз", "进口"],
} as const satisfies Record<string, readonly [en: string, ru: string, zh: string]>;
/** A section of a specification table. */
export type Group = keyof typeof GROUPS;

/** Every field, in the order of columns, cards and filters. */
// biome-ignore format: one field per line
export const FIELDS = {
  inner_id: { kind: "text", group: "offer", name: ["ID of the listing at che168.com", "ID объявления на che168.com", "车源编号"], card: true },
  mark: { kind: "text", group: "car", name: ["Make", "Марка", "品牌"], note: "Canonical Latin name.", vocabulary: "mark", column: true, card: true, filter: { values: "BMW,Audi" }, facet: true, search: true },
  model: { kind: "text", group: "car", name: ["Model", "Модель", "车型"], column: true, card: true, filter: { values: "X5", note: "Models of any make." }, facet: true, search: true },
  model_latin: { kind: "text", group: "car", name: ["Model in Latin letters", "Модель латиницей", "车型（拉丁字母）"], column: true, search: true },
  series: { kind: "text", group: "car", name: ["Series", "Серия", "车系"], note: "As in the specification.", column: true, filter: { values: "X5", covered: false }, facet: true, search: true },
  model_year: { kind: "int", group: "car", name: ["Model year", "Модельный год", "年款"], note: "From 1980 to the year after next.", column: true },
  trim: { kind: "text", group: "car", name: ["Trim", "Комплектация", "款型"], column: true, card: true, search: true },
  trim_en: { kind: "text", group: "car", name: ["Trim in English", "Комплектация на английском", "款型（英文）"], note: "Word by word; words that are in no vocabulary stay Chinese." },
  trim_ru: { kind: "text", group: "car", name: ["Trim in Russian", "Комплектация на русском", "款型（俄文）"], note: "Like `trim_en`." },
  facelift: { kind: "marker", group: "car", name: ["Facelift", "Рестайлинг", "改款"], note: "True when the trim says so, otherwise null." },
  generation: { kind: "int", group: "car", name: ["Generation", "Поколение", "代数"], column: true },
  title: { kind: "text", group: "offer", name: ["Title given by the seller", "Заголовок объявления", "标题"], column: true, card: true, search: true },
  year: { kind: "int", group: "car", name: ["Year of manufacture or registration", "Год выпуска или регистрации", "年份"], note: "From 1950 to next year.", column: true, card: true, filter: { range: ["2018", "2024"], max: 9_999 }, facet: true, index: "covering" },
  price: { kind: "int", group: "offer", name: ["Price", "Цена", "价格"], unit: "CNY", range: [500, 100_000_000], column: true, card: true, filter: { range: ["50000", "200000"] }, facet: true, index: "covering" },
  msrp: { kind: "int", group: "offer", name: ["Price when new", "Цена нового автомобиля", "新车指导价"], unit: "CNY", range: [5_000, 100_000_000], column: true },
  km_age: { kind: "int", group: "car", name: ["Mileage", "Пробег", "表显里程"], unit: "km", range: [0, 2_000_000], column: true, card: true, filter: { range: ["0", "60000"] }, facet: true, index: "covering" },
  transfers: { kind: "int", group: "car", name: ["Changes of owner", "Число смен владельца", "过户次数"], range: [0, 50], column: true, filter: { range: ["0", "1"], max: 50, covered: false } },
  color: { kind: "category", group: "body", name: ["Body colour", "Цвет кузова", "车身颜色"], column: true, card: true, filter: { values: "black,white" }, facet: true, index: "equality" },
  body_type: { kind: "category", group: "body", name: ["Body type", "Тип кузова", "车身类型"], column: true, card: true, filter: { values: "suv" }, facet: true, index: "equality" },
  car_class: { kind: "category", group: "body", name: ["Vehicle class", "Класс автомобиля", "级别"], column: true, filter: { values: "mid_size", covered: false }, facet: true },
  doors: { kind: "int", group: "body", name: ["Number of doors", "Количество дверей", "车门数"], range: [1, 6], column: true, filter: { values: "4,5", covered: false }, facet: true },
  seats: { kind: "int", group: "body", name: ["Number of seats", "Количество мест", "座位数"], note: "Null when the car comes with several numbers of seats.", range: [1, 60], column: true, filter: { values: "5,7", covered: false }, facet: true },
  seats_min: { kind: "int", group: "body", name: ["Minimum number of seats", "Минимальное количество мест", "最少座位数"], range: [1, 60] },
  seats_max: { kind: "int", group: "body", name: ["Maximum number of seats", "Максимальное количество мест", "最多座位数"], range: [1, 60] },
  length_mm: { kind: "int", group: "body", name: ["Length", "Длина", "长度"], unit: "mm", range: [1_500, 9_000] },
  width_mm: { kind: "int", group: "body", name: ["Width", "Ширина", "宽度"], unit: "mm", range: [900, 2_700] },
  height_mm: { kind: "int", group: "body", name: ["Height", "Высота", "高度"], unit: "mm", range: [900, 3_500] },
  wheelbase_mm: { kind: "int", group: "body", name: ["Wheelbase", "Колёсная база", "轴距"], unit: "mm", range: [1_200, 6_000] },
  curb_weight_kg: { kind: "int", group: "body", name: ["Kerb weight", "Снаряжённая масса", "整备质量"], unit: "kg", range: [300, 8_000] },
  gross_weight_kg: { kind: "int", group: "body", name: ["Gross weight", "Полная масса", "最大满载质量"], unit: "kg", range: [400, 20_000] },
  payload_kg: { kind: "int", group: "body", name: ["Payload", "Грузоподъёмность", "最大载重质量"], unit: "kg", range: [20, 10_000] },
  trunk_l: { kind: "int", group: "body", name: ["Boot capacity", "Объём багажника", "后备厢容积"], unit: "L", range: [10, 20_000] },
  tank_l: { kind: "decimal", group: "body", name: ["Fuel tank capacity", "Объём топливного бака", "油箱容积"], unit: "L", range: [5, 300], digits: 1 },
  engine_type: { kind: "category", group: "engine", name: ["Fuel type", "Тип двигателя", "能源类型"], column: true, card: true, filter: { values: "gasoline,hybrid" }, facet: true, index: "equality" },
  hybrid_kind: { kind: "text", group: "engine", name: ["Type of hybrid", "Тип гибрида", "混动形式"], note: "Only for the engine type `hybrid`.", values: { parallel: ["Parallel", "Параллельный", "并联"], series: ["Series", "Последовательный", "串联"] } },
  transmission_type: { kind: "category", group: "drivetrain", name: ["Transmission", "Коробка передач", "变速箱"], column: true, card: true, filter: { values: "automatic", note: "`automatic` also finds the more specific codes: cvt, e_cvt, dual_clutch, amt, dht, single_speed." }, facet: true },
  gears: { kind: "int", group: "drivetrain", name: ["Number of gears", "Количество передач", "挡位数"], note: "Null for a CVT.", range: [1, 12] },
  drive_type: { kind: "category", group: "drivetrain", name: ["Drive type", "Привод", "驱动方式"], column: true, card: true, filter: { values: "awd" }, facet: true },
  motor_position: { kind: "category", group: "drivetrain", name: ["Position of the engine or motor", "Расположение двигателя", "发动机位置"], raw: false },
  drive_motors: { kind: "int", group: "engine", name: ["Number of drive motors", "Количество электромоторов", "驱动电机数"], range: [1, 4] },
  front_suspension: { kind: "category", group: "drivetrain", name: ["Front suspension", "Передняя подвеска", "前悬架"], vocabulary: "suspension" },
  rear_suspension: { kind: "category", group: "drivetrain", name: ["Rear suspension", "Задняя подвеска", "后悬架"], vocabulary: "suspension" },
  mild_hybrid_voltage: { kind: "int", group: "engine", name: ["Voltage of a mild hybrid", "Напряжение мягкого гибрида", "轻混电压"], unit: "V", range: [12, 96] },
  aspiration: { kind: "category", group: "engine", name: ["Aspiration", "Наддув", "进气形式"], column: true },
  power: { kind: "int", group: "engine", name: ["Power", "Мощность", "最大马力"], unit: "hp", note: "Of the combustion engine; of all motors when the car is electric.", range: [5, 2_500], column: true, card: true, filter: { range: ["150", "300"] } },
  power_kw: { kind: "int", group: "engine", name: ["Power", "Мощность", "最大功率"], unit: "kW", note: "Of the same machine as `power`.", range: [4, 1_850], column: true },
  motor_power_hp: { kind: "int", group: "engine", name: ["Total motor power", "Мощность электромоторов", "电动机总马力"], unit: "hp", range: [5, 2_500] },
  motor_power_kw: { kind: "int", group: "engine", name: ["Total motor power", "Мощность электромоторов", "电动机总功率"], unit: "kW", range: [4, 1_850] },
  system_power_hp: { kind: "int", group: "engine", name: ["System power", "Мощность силовой установки", "系统综合马力"], unit: "hp", range: [5, 2_500] },
  system_power_kw: { kind: "int", group: "engine", name: ["System power", "Мощность силовой установки", "系统综合功率"], unit: "kW", range: [4, 1_850] },
  torque_nm: { kind: "int", group: "engine", name: ["Torque", "Крутящий момент", "最大扭矩"], unit: "N·m", note: "Of the same machine as `power`.", range: [20, 5_000], column: true },
  displacement: { kind: "decimal", group: "engine", name: ["Displacement", "Объём двигателя", "排量"], unit: "L", range: [0.3, 10], digits: 2, column: "numeric(5,2)", card: true, filter: { range: ["1.5", "2.0"], max: 1_000 } },
  displacement_cc: { kind: "int", group: "engine", name: ["Displacement", "Объём двигателя", "排量"], unit: "cm³", note: "Only where the source has it in millilitres, never computed from rounded litres.", range: [300, 10_000], column: true, filter: { range: ["1400", "1600"], covered: false } },
  cylinders: { kind: "int", group: "engine", name: ["Number of cylinders", "Количество цилиндров", "气缸数"], range: [1, 16], column: true },
  cylinder_layout: { kind: "category", group: "engine", name: ["Cylinder layout", "Расположение цилиндров", "气缸排列形式"] },
  engine_model: { kind: "text", group: "engine", name: ["Engine code", "Код двигателя", "发动机型号"] },
  cylinder_head_material: { kind: "category", group: "engine", name: ["Cylinder head material", "Материал головки блока цилиндров", "缸盖材料"], vocabulary: "material" },
  cylinder_block_material: { kind: "category", group: "engine", name: ["Cylinder block material", "Материал блока цилиндров", "缸体材料"], vocabulary: "material" },
  emission_standard: { kind: "category", group: "engine", name: ["Emission standard", "Экологический класс", "环保标准"], column: true, filter: { values: "china_6", covered: false }, facet: true },
  battery_kwh: { kind: "decimal", group: "battery", name: ["Battery capacity", "Ёмкость батареи", "电池能量"], unit: "kWh", range: [0.5, 300], digits: 3, column: "numeric(6,3)", filter: { range: ["40", "100"], max: 300, covered: false } },
  battery_chemistry: { kind: "category", group: "battery", name: ["Battery chemistry", "Тип батареи", "电池类型"] },
  ev_range_km: { kind: "int", group: "battery", name: ["Electric range", "Запас хода на электротяге", "纯电续航里程"], unit: "km", range: [10, 2_000], column: true, filter: { range: ["300", "700"], max: 2_000, covered: false } },
  ev_range_measured_km: { kind: "int", group: "battery", name: ["Measured electric range", "Измеренный запас хода", "实测续航里程"], unit: "km", range: [10, 2_000] },
  fast_charge_kw: { kind: "int", group: "battery", name: ["Fast charging power", "Мощность быстрой зарядки", "最大快充功率"], unit: "kW", range: [1, 2_000] },
  top_speed_kmh: { kind: "int", group: "performance", name: ["Top speed", "Максимальная скорость", "最高车速"], unit: "km/h", range: [30, 500] },
  acceleration_s: { kind: "decimal", group: "performance", name: ["Acceleration from 0 to 100 km/h", "Разгон до 100 км/ч", "百公里加速"], unit: "s", range: [1, 60], digits: 2 },
  consumption_l: { kind: "decimal", group: "performance", name: ["Fuel consumption", "Расход топлива", "综合油耗"], unit: "L/100 km", range: [0, 40], digits: 2, column: "numeric(5,2)", filter: { range: ["0", "8"], max: 40, covered: false } },
  manufacturer: { kind: "text", group: "car", name: ["Manufacturer", "Производитель", "厂商"], column: true, search: true },
  is_import: { kind: "marker", group: "car", name: ["Imported to China", "Импортирован в Китай", "进口"], note: "True when the source says so, otherwise null.", column: true, filter: { flag: "is_import", covered: false } },
  seller_type: { kind: "category", group: "offer", name: ["Type of seller", "Тип продавца", "卖家类型"], column: true, card: true, filter: { values: "dealer" }, facet: true },
  is_dealer: { kind: "flag", group: "offer", name: ["Sold by a dealer", "Продаёт дилер", "商家"], column: true, card: true },
  address: { kind: "text", group: "place", name: ["Location as written by the seller", "Адрес продавца", "地址"], column: true },
  province: { kind: "text", group: "place", name: ["Province", "Провинция", "省份"], note: "English name.", column: true, card: true, filter: { values: "Guangdong" }, facet: true },
  city: { kind: "text", group: "place", name: ["City", "Город", "城市"], note: "English name.", column: true, card: true, filter: { values: "Shenzhen,Guangzhou" }, facet: true, index: "equality" },
  district: { kind: "text", group: "place", name: ["District", "Район", "区县"], note: "English name.", column: true, card: true, filter: { values: "Nanshan", covered: false }, facet: "requested" },
  place: { kind: "json", group: "place", name: ["Province, city and district", "Провинция, город и район", "省市区"], note: "Codes of GB/T 2260 and names in three languages." },
  section: { kind: "category", group: "offer", name: ["New or used", "Новый или с пробегом", "新旧"], column: true },
  salon_id: { kind: "text", group: "offer", name: ["ID of the dealer at the source", "ID дилера в источнике", "商家编号"], column: true, filter: { values: "100001", covered: false }, facet: "requested", index: "equality" },
  specid: { kind: "text", group: "car", name: ["ID of the specification at the source", "ID комплектации в источнике", "车型编号"], column: true },
  url: { kind: "text", group: "offer", name: ["Address of the listing at che168.com", "Адрес объявления на che168.com", "车源链接"], format: "uri", column: true, card: true },
  vin: { kind: "text", group: "car", name: ["VIN", "VIN", "车架号"], column: true, filter: { flag: "has_vin", covered: false } },
  vin_masked: { kind: "text", group: "car", name: ["VIN as far as the seller shows it", "VIN, частично скрытый продавцом", "车架号（部分隐藏）"], note: "Only present when `vin` is null.", optional: true },
  description: { kind: "text", group: "offer", name: ["Description by the seller", "Описание продавца", "车源描述"], note: "Personal data is masked.", column: true },
  first_registration: { kind: "date", group: "car", name: ["First registration", "Первая регистрация", "首次上牌"], note: "The first of the month when only the month is known.", column: true, card: true, filter: { range: ["2021-01", "2023-06"], as: "registered", covered: false } },
  first_registration_precision: { kind: "text", group: "car", name: ["Precision of the first registration", "Точность даты первой регистрации", "上牌日期精度"], values: { day: ["Day", "День", "日"], month: ["Month", "Месяц", "月"] } },
  never_registered: { kind: "marker", group: "car", name: ["Never registered", "Не состоял на учёте", "未上牌"], note: "True when the seller says so, otherwise null." },
  offer_created: { kind: "date", group: "offer", name: ["Date of the listing", "Дата объявления", "发布日期"], column: true, card: true },
  images: { kind: "json", group: "offer", name: ["Addresses of the photos", "Адреса фотографий", "图片"], note: "In order, all below autoimg.cn.", column: true, filter: { flag: "has_images", covered: false } },
  options: { kind: "json", group: "car", name: ["Equipment", "Оснащение", "配置"], note: "Known pieces have a code (`labels.options` has their names), others only their Chinese name.", column: true },
  passable_from: { kind: "date", group: "import", name: ["Passable from", "Проходной с", "低关税起始日"], note: "First registration + 36 months + 1 day: a convention of buyers. Customs count from production, which may be earlier.", column: true, card: true },
  passable_until: { kind: "date", group: "import", name: ["Passable until", "Проходной до", "低关税截止日"], note: "First registration + 60 months.", column: true, card: true },
  customs_power_kw: { kind: "decimal", group: "import", name: ["Highest power that a recycling fee may count", "Наибольшая мощность для утильсбора", "报废税计算功率上限"], unit: "kW", note: "Of 160 hp and 118 kW, which are often one engine, the higher one; of motors the peak power.", range: [3, 4_000], digits: 2, column: "numeric(6,2)" },
  customs_power_basis: { kind: "text", group: "import", name: ["Power that the recycling fee counts", "Учитываемая для утильсбора мощность", "功率依据"], values: { engine: ["Engine", "Двигатель", "发动机"], engine_and_motors: ["Engine and motors", "Двигатель и электромоторы", "发动机与电机"], motors: ["Motors", "Электромоторы", "电机"] } },
  customs_missing: { kind: "json", group: "import", name: ["Facts missing for import costs", "Недостающие данные для расчёта платежей", "进口费用缺失项"], note: "`price`, `production_date`, `engine_type`, `hybrid_kind`, `displacement_cc`, `power`, `power_30min_kw`, `vehicle_category`. With `power_30min_kw` an estimate may still be possible: the peak power can show that it makes no difference." },
} as const satisfies Record<string, Field>;

/** Name of a listing field. */
export type FieldName = keyof typeof FIELDS;
type Fields = typeof FIELDS;
/** Names of the fields whose declaration has the key. */
export type FieldWith<K extends keyof Field> = {
  [N in FieldName]: K extends keyof Fields[N] ? N : never;
}[FieldName];
/** Names of the fields of a kind. */
export type FieldOf<K extends Field["kind"]> = {
  [N in FieldName]: Fields[N]["kind"] extends K ? N : never;
}[FieldName];
/** Names of the fields that are filtered by values, by a range, or by whether they have a value. */
export type FilteredBy<K extends "values" | "range" | "flag"> = {
  [N in FieldWith<"filter">]: K extends keyof Fields[N]["filter"] ? N : never;
}[FieldWith<"filter">];

/** The declaration of a field, without its literal types. */
export const fieldOf = (name: FieldName): Field => FIELDS[name];
/** Every field name, in order. */
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];
/** The fields whose declaration has the key, in order. */
export const fieldsWith = <K extends keyof Field>(key: K): FieldWith<K>[] =>
  FIELD_NAMES.filter((name) => key in FIELDS[name]) as FieldWith<K>[];
/** The fields of a kind, in order. */
export const fieldsOf = <K extends Field["kind"]>(kind: K): FieldOf<K>[] =>
  FIELD_NAMES.filter((name) => FIELDS[name].kind === kind) as FieldOf<K>[];
/** The filters by values, by a range, or by whether there is a value, in order. */
export const filteredBy = <K extends "values" | "range" | "flag">(key: K): FilteredBy<K>[] =>
  fieldsWith("filter").filter((name) => key in FIELDS[name].filter) as FilteredBy<K>[];

/** `Mileage, km`: the English name with its unit. */
export function nounOf(name: FieldName): string {
  const { name: names, unit } = fieldOf(name);
  return unit === undefined ? names[0] : `${names[0]}, ${UNITS[unit][0]}`;
}

/** `Number of gears. Null for a CVT.`: documentation of a field. */
export function describeField(name: FieldName): string {
  const { note } = fieldOf(name);
  return note === undefined ? `${nounOf(name)}.` : `${nounOf(name)}. ${note}`;
}

/** The vocabulary of a field's codes; undefined when it has none. */
export function vocabularyOf(name: FieldName): Category | "mark" | undefined {
  const { kind, vocabulary } = fieldOf(name);
  return vocabulary ?? (kind === "category" ? (name as Category) : undefined);
}

/** Whether a number is within the bounds of a field; NaN is not. */
export function isInRange(name: FieldWith<"range">, value: number): boolean {
  const [min, max] = FIELDS[name].range;
  return value >= min && value <= max;
}

/** The type of a field's column in PostgreSQL. */
export function columnTypeOf(name: FieldWith<"column">): string {
  const { kind, column } = fieldOf(name);
  return typeof column === "string" ? column : COLUMN_TYPES[kind];
}

const COLUMN_TYPES: Readonly<Record<Field["kind"], string>> = {
  text: "text",
  category: "text",
  int: "int",
  decimal: "numeric",
  flag: "boolean",
  marker: "boolean",
  date: "date",
  json: "jsonb",
};

/**
 * Version of the rules and vocabularies. Raised when the same raw data may give another listing; `status` then
 * recommends `normalize --all`.
 */
export const RULES_VERSION = 2;
