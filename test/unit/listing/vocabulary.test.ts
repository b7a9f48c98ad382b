import { describe, expect, test } from "vitest";
import {
  checkUserVocabulary,
  compileVocabulary,
  labelOf,
  normalizeListing,
} from "../../../src/listing/index.ts";
import { looseKey } from "../../../src/listing/vocabulary/lexicon.ts";
import options from "../../../src/listing/vocabulary/options.json" with { type: "json" };
import specifications from "../../../src/listing/vocabulary/specifications.json" with { type: "json" };
import type { Term } from "../../../src/listing/vocabulary/types.ts";
import { now } from "../../support/listing/listings.ts";
import { HAN, spellingsOf } from "../../support/listing/spellings.ts";

describe("options and specifications", () => {
  const terms: [string, Record<string, Term>][] = [
    ["options", options],
    ["specifications", specifications],
  ];

  test("more than 300 names, each in three languages", () => {
    expect(Object.keys(options).length + Object.keys(specifications).length).toBeGreaterThan(300);
    for (const term of terms.flatMap(([, of]) => Object.values(of))) {
      expect(term.en).not.toMatch(/[\p{Script=Han}\p{Script=Cyrillic}]/u);
      expect(term.ru).not.toMatch(HAN);
      expect(term.zh).not.toBe("");
    }
  });

  test.each(terms)("no two %s share a spelling", (_kind, of) => {
    const owners = new Map<string, string>();
    for (const [code, term] of Object.entries(of)) {
      for (const spelling of spellingsOf(term)) {
        expect([spelling, owners.get(looseKey(spelling)) ?? code]).toEqual([spelling, code]);
        owners.set(looseKey(spelling), code);
      }
    }
  });

  test("options are coded, each once, in their order; unknown ones keep their name", () => {
    const option = {
      displayopts: [
        { optionname: "定速巡航" },
        { optionname: "倒车影像" },
        "火箭助推",
        { optionname: 5 },
        null,
      ],
      moreoptions: [
        {
          opts: [{ optionname: "胎压监测装置" }, { optionname: "胎压监测功能" }, { optionname: "定速巡航" }],
        },
        { opts: null },
      ],
    };
    expect(normalizeListing({ extra: { option } }, { now }).listing.options).toEqual([
      { code: "cruise_control", en: "Cruise control", ru: "Круиз-контроль", zh: "定速巡航" },
      { code: "reversing_camera", en: "Reversing camera", ru: "Камера заднего вида", zh: "倒车影像" },
      { zh: "火箭助推" },
      {
        code: "tire_pressure_monitoring",
        en: "Tyre pressure monitoring",
        ru: "Контроль давления в шинах",
        zh: "胎压监测装置",
      },
    ]);
  });
});

describe("a user's vocabulary", () => {
  const user = {
    color: { silver_gray: { spellings: ["流星银"] }, mint: { en: "Mint", ru: "Мятный", zh: "薄荷色" } },
    marks: { Kvant: { ru: "Квант", zh: "量子", spellings: ["Квант Моторс"] } },
    models: { Kvant: { 飞跃: "Leap" }, Geely: { 星愿: "Star Wish" } },
    options: { rocket: { en: "Rocket booster", zh: "火箭助推" } },
    body_type: { van: { spellings: ["货车"] } },
  };

  test("extends and overrides the built-in spellings, codes, marks, models and options", () => {
    const { listing, issues } = normalizeListing(
      {
        color: "Мятный",
        mark: "量子",
        model: "量子飞跃5",
        body_type: "货车",
        extra: { option: { displayopts: [{ optionname: "火箭助推" }, { optionname: "定速巡航" }] } },
      },
      { now, vocabulary: user },
    );
    expect(listing).toMatchObject({ color: "mint", mark: "Kvant", model: "Leap 5", body_type: "van" });
    expect(listing.options.map(({ code }) => code)).toEqual(["rocket", "cruise_control"]);
    expect(issues).toEqual([]);
    expect(normalizeListing({ color: "流星银" }, { now, vocabulary: user }).listing.color).toBe(
      "silver_gray",
    );
    expect(normalizeListing({ color: "Белый" }, { now, vocabulary: user }).listing.color).toBe("white");
    expect(normalizeListing({ mark: "吉利", model: "星愿" }, { now, vocabulary: user }).listing.model).toBe(
      "Star Wish",
    );
  });

  test("shows its labels, and leaves the built-in ones unchanged", () => {
    const vocabulary = compileVocabulary(user);
    expect(labelOf("color", "mint", "ru", vocabulary)).toBe("Мятный");
    expect(labelOf("option", "rocket", "ru", vocabulary)).toBe("Rocket booster");
    expect(labelOf("mark", "Kvant", "en", vocabulary)).toBe("Kvant");
    expect(labelOf("color", "silver_gray", "ru", vocabulary)).toBe("Серебристо-серый");
    expect(labelOf("color", "mint", "ru")).toBeNull();
    expect(normalizeListing({ color: "Мятный" }, { now }).listing.color).toBe("other");
  });

  test("is compiled once", () => {
    expect(compileVocabulary(user)).toBe(compileVocabulary(user));
    expect(compileVocabulary()).toBe(compileVocabulary());
  });

  test("all its problems are reported", () => {
    expect(checkUserVocabulary(user)).toEqual([]);
    expect(checkUserVocabulary([])).toHaveLength(1);
    expect(
      checkUserVocabulary({
        colour: {},
        color: { red: { spelling: ["x"] }, blue: { spellings: "x" }, green: 5 },
        marks: 5,
        models: { Geely: { 星愿: 5 } },
      }),
    ).toEqual([
      "colour is not a part of a vocabulary",
      "color.red.spelling is not en, ru, zh or spellings",
      "color.blue.spellings must be a list of texts",
      "color.green must be an object",
      "marks must be an object",
      "models.Geely.星愿 must be a text",
    ]);
  });
});
