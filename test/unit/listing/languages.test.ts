import fc from "fast-check";
import { expect, test } from "vitest";
import { FIELD_NAMES } from "../../../src/listing/fields.ts";
import { compileVocabulary, type Language, normalizeListing } from "../../../src/listing/index.ts";
import { placeIndex } from "../../../src/listing/internal.ts";
import models from "../../../src/listing/vocabulary/models.json" with { type: "json" };
import specifications from "../../../src/listing/vocabulary/specifications.json" with { type: "json" };

// The same meaning, written as accounts in the three languages receive it.

const LANGUAGES: readonly Language[] = ["zh", "en", "ru"];
const now = new Date("2026-11-24T00:00:00Z");
const { categories, marks } = compileVocabulary();

/** A text in each language. */
type Texts = Readonly<Record<Language, string>>;
const same = (text: string): Texts => ({ zh: text, en: text, ru: text });

const coded = (category: keyof typeof categories) => fc.constantFrom(...categories[category].labels.values());
const UNITS = {
  km: { zh: "公里", en: " km", ru: " км" },
  yuan: { zh: "元", en: " yuan", ru: " юаней" },
  hp: { zh: "马力", en: " hp", ru: " л.с." },
  litres: same("L"),
};
const quantity = (min: number, max: number, unit: Texts) =>
  fc.tuple(fc.integer({ min, max }), fc.boolean()).map(([value, hasUnit]) => ({
    zh: `${value}${hasUnit ? unit.zh : ""}`,
    en: `${value}${hasUnit ? unit.en : ""}`,
    ru: `${value}${hasUnit ? unit.ru : ""}`,
  }));

const knownModels = Object.entries(models.names).flatMap(([mark, names]) =>
  Object.entries(names).map(([chinese, name]) => ({ mark, texts: { zh: chinese, en: name, ru: name } })),
);
const car = fc.constantFrom(...knownModels).map(({ mark, texts }) => ({
  mark: marks.labels.get(mark) ?? same(mark),
  model: texts,
}));
const date = fc
  .date({ min: new Date("2010-01-01"), max: new Date("2026-10-01"), noInvalidDate: true })
  .map((day) => {
    const [year = "", month = "", dayOfMonth = ""] = day.toISOString().slice(0, 10).split("-");
    return {
      zh: `${year}年${month}月${dayOfMonth}日`,
      en: `${year}-${month}-${dayOfMonth}`,
      ru: `${dayOfMonth}.${month}.${year}`,
    };
  });

/** In tens of thousands, with separators, in thousands. */
const tenThousands = (zh: string, en: string, ru: string) =>
  fc.integer({ min: 20, max: 99 }).map((thousand) => ({
    zh: `${thousand / 10}万${zh}`,
    en: `${thousand},000 ${en}`,
    ru: `${thousand} тыс. ${ru}`,
  }));

const cities = [...new Set([...placeIndex().citiesByKey.values()].flat())];
const isUnique = <T extends Texts>(one: T, all: readonly T[]): boolean =>
  all.every((other) => other === one || (other.en !== one.en && other.ru !== one.ru));
/** A city, mostly with a district, in the order of the service; after the province, where several have its name. */
const place = fc.constantFrom(...cities).chain(({ province, place: city, districts }) => {
  const isCertain = isUnique(
    city,
    cities.map((one) => one.place),
  );
  const names = districts.map((one) => one.place);
  const certain = names.filter((name) => isUnique(name, names));
  return fc.constantFrom(undefined, ...certain).map((district): Texts => {
    const parts = [...(isCertain ? [] : [province]), city, ...(district === undefined ? [] : [district])];
    const named = (language: Language) => parts.map((part) => part[language]).join(", ");
    return { zh: named("zh"), en: named("en"), ru: named("ru") };
  });
});

const counted = (min: number, max: number, texts: (count: number) => Texts) =>
  fc.integer({ min, max }).map(texts);
const seats = (count: number): Texts => ({
  zh: `${count}座`,
  en: `${count}-seat`,
  ru: `${count} ${count < 5 ? "места" : "мест"}`,
});
/** Words of trims that say something about the car, at most one of each kind. */
const words: readonly fc.Arbitrary<Texts>[] = [
  fc.constantFrom(
    { zh: "手动", en: "Manual", ru: "Механика" },
    { zh: "自动挡", en: "Automatic", ru: "Автомат" },
    { zh: "双离合", en: "Dual-Clutch", ru: "Робот" },
    { zh: "无级变速", en: "Continuously Variable", ru: "Вариатор" },
  ),
  fc.constantFrom(
    { zh: "四驱", en: "All-Wheel Drive", ru: "Полный привод" },
    { zh: "分时四驱", en: "Part-time 4WD", ru: "Подключаемый полный привод" },
    { zh: "后驱", en: "Rear-Wheel Drive", ru: "Задний привод" },
    { zh: "两驱", en: "2WD", ru: "2WD" },
  ),
  fc.constantFrom(
    { zh: "纯电", en: "All-electric", ru: "Электро" },
    { zh: "插电混动", en: "Plug-in Hybrid", ru: "Подключаемый гибрид" },
    { zh: "增程", en: "Extended Range", ru: "С расширителем запаса хода" },
    { zh: "轻混", en: "Mild Hybrid", ru: "Мягкий гибрид" },
    { zh: "油电混动", en: "Full Hybrid", ru: "Полный гибрид" },
    { zh: "柴油", en: "Diesel", ru: "Дизель" },
  ),
  fc.constantFrom(
    { zh: "三厢", en: "Sedan", ru: "Седан" },
    { zh: "两厢", en: "Hatchback", ru: "Хэтчбек" },
    { zh: "敞篷", en: "Convertible", ru: "Кабриолет" },
    { zh: "旅行车", en: "Wagon", ru: "Универсал" },
    { zh: "皮卡", en: "Pickup", ru: "Пикап" },
  ),
  fc.constantFrom({ zh: "国VI", en: "China VI", ru: "Китай 6" }, { zh: "欧V", en: "Euro V", ru: "Евро 5" }),
  fc.constantFrom({ zh: "三元锂", en: "Ternary", ru: "NCM" }, { zh: "磷酸铁锂", en: "LFP", ru: "LFP" }),
  fc.constantFrom(
    { zh: "单电机", en: "Single Motor", ru: "Один мотор" },
    { zh: "双电机", en: "Dual Motor", ru: "Два мотора" },
  ),
  counted(2, 9, seats),
  counted(2, 5, (count) => ({ zh: `${count}门`, en: `${count}-door`, ru: `${count}-дверный` })),
  counted(100, 999, (count) => ({ zh: `${count}KM`, en: `${count} km`, ru: `${count} км` })),
  counted(10, 150, (count) => ({ zh: `${count}kWh`, en: `${count} kWh`, ru: `${count} кВт·ч` })),
  counted(2, 6, (count) => ({
    zh: `第${count}代`,
    en: `${["2nd", "3rd", "4th", "5th", "6th"][count - 2]} generation,`,
    ru: `${count}-е поколение,`,
  })),
];
const trim = fc.subarray(words as fc.Arbitrary<Texts>[], { minLength: 1 }).chain((kinds) =>
  fc.tuple(...kinds).map((texts) => ({
    zh: texts.map(({ zh }) => zh).join(" "),
    en: texts.map(({ en }) => en).join(" "),
    ru: texts.map(({ ru }) => ru).join(" "),
  })),
);

const options = fc.subarray([...compileVocabulary().options.labels.values()], { maxLength: 6 });
const transfers = fc.integer({ min: 0, max: 12 }).map((count) => ({
  zh: `${count}次`,
  en: `${count} transfers`,
  ru: `${count} раз`,
}));

/** Fields of `data` by name. */
const fields = fc.record(
  {
    color: coded("color"),
    body_type: coded("body_type"),
    // Some Chinese labels also have the voltage.
    engine_type: coded("engine_type").filter(({ zh }) => !/\dV/u.test(zh)),
    transmission_type: coded("transmission_type"),
    // The Chinese labels also say where the engine is.
    drive_type: fc.constantFrom(
      { zh: "前驱", en: "Front-wheel drive", ru: "Передний привод" },
      { zh: "后驱", en: "Rear-wheel drive", ru: "Задний привод" },
      { zh: "四驱", en: "All-wheel drive", ru: "Полный привод" },
      { zh: "分时四驱", en: "Part-time four-wheel drive", ru: "Подключаемый полный привод" },
    ),
    seller_type: coded("seller_type"),
    section: coded("section"),
    km_age: fc.oneof(quantity(0, 300_000, UNITS.km), tenThousands("公里", "km", "км")),
    price: fc.oneof(quantity(20_000, 2_000_000, UNITS.yuan), tenThousands("元", "yuan", "юаней")),
    power: quantity(60, 800, UNITS.hp),
    displacement: fc.constantFrom("1.0", "1.5", "2.0", "3.0").map(same),
    year: fc.integer({ min: 2000, max: 2026 }).map((year) => same(String(year))),
    first_registration: date,
    address: place,
    complectation: trim,
  },
  { requiredKeys: [] },
);

/** Rows of the specification table by code. */
const rows = fc.record(
  {
    emission_standard: coded("emission_standard"),
    car_class: coded("car_class"),
    aspiration: coded("aspiration"),
    cylinder_layout: coded("cylinder_layout"),
    front_suspension: coded("suspension"),
    battery_type: coded("battery_chemistry"),
    displacement_cc: fc.integer({ min: 600, max: 6000 }).map((cc) => same(String(cc))),
    cylinders: fc.integer({ min: 2, max: 12 }).map((count) => same(String(count))),
    doors: fc.integer({ min: 2, max: 5 }).map((count) => same(String(count))),
    seats: fc.integer({ min: 2, max: 9 }).map((count) => same(String(count))),
    curb_weight_kg: fc.integer({ min: 700, max: 3000 }).map((mass) => same(String(mass))),
    front_motor_power_kw: fc.integer({ min: 50, max: 300 }).map((kw) => same(String(kw))),
    motor_power_kw: fc.integer({ min: 50, max: 600 }).map((kw) => same(String(kw))),
    torque_nm: fc.integer({ min: 100, max: 900 }).map((torque) => same(String(torque))),
    top_speed_kmh: fc.integer({ min: 120, max: 300 }).map((speed) => same(String(speed))),
    gears: fc.integer({ min: 4, max: 10 }).map((count) => same(String(count))),
    cylinder_head_material: coded("material"),
    rear_suspension: coded("suspension"),
    wheelbase_mm: fc.integer({ min: 2000, max: 3600 }).map((length) => same(String(length))),
  },
  { requiredKeys: [] },
);
type RowCode = "emission_standard" | "displacement_cc";
const nameOf = (code: string, language: Language): string => {
  const { zh, en, ru } = specifications[code as RowCode];
  return { zh, en, ru }[language];
};

/** `data` as an account in this language receives it. */
function dataIn(
  language: Language,
  meaning: {
    car: { mark: Texts; model: Texts };
    fields: object;
    rows: object;
    options: readonly Texts[];
    transfers: Texts;
  },
): object {
  const texts = (record: object) =>
    Object.entries(record as Record<string, Texts>).map(([key, value]) => [key, value[language]] as const);
  const items = texts(meaning.rows).map(([code, value]) => ({ name: nameOf(code, language), value }));
  return {
    inner_id: "50000001",
    ...Object.fromEntries([...texts(meaning.car), ...texts(meaning.fields)]),
    extra: {
      configuration: { paramtypeitems: [{ name: "", paramitems: items }] },
      inspection: { cards: [{ title: "过户次数", value: meaning.transfers[language] }] },
      option: { displayopts: meaning.options.map((option) => ({ optionname: option[language] })) },
    },
  };
}

/** Fields that hold the raw text. */
const RAW_TEXT = new Set(["address", "title", "description", "trim", "trim_en", "trim_ru", "options"]);
const FIELDS = FIELD_NAMES.filter((name) => !RAW_TEXT.has(name));

test("the same meaning in Chinese, English and Russian gives the same listing in every field", () => {
  fc.assert(
    fc.property(fc.record({ car, fields, rows, options, transfers }), (meaning) => {
      const [chinese, ...others] = LANGUAGES.map((language) => {
        const { listing } = normalizeListing(dataIn(language, meaning), { now });
        const codes = listing.options.map(({ code }) => code);
        return { ...Object.fromEntries(FIELDS.map((name) => [name, listing[name]])), codes };
      });
      for (const other of others) {
        expect(other).toEqual(chinese);
      }
    }),
    { numRuns: 400 },
  );
});
