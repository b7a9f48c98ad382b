import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFlag } from "../../../src/listing/parse/flags.ts";
import { parseImages } from "../../../src/listing/parse/images.ts";
import { parseUrl } from "../../../src/listing/parse/url.ts";
import { parseVin } from "../../../src/listing/parse/vin.ts";
import { toPinyin } from "../../../src/listing/vocabulary/pinyin.ts";
import { issueList } from "../../support/listing/issues.ts";

describe("flags", () => {
  test.each([
    [[true, "true", "TRUE", "t", 1, "1", "yes", "on", "да", "是"], true],
    [[false, "false", "f", 0, "0", "no", "off", "нет", "否"], false],
  ])("%j are %j", (spellings, value) => {
    const { report, issues } = issueList();
    expect(spellings.map((raw) => parseFlag(raw, report, "is_dealer"))).toEqual(spellings.map(() => value));
    expect(issues).toEqual([]);
  });

  test("any other value is null with an issue, a missing one without", () => {
    const { report, issues } = issueList();
    expect([2, "maybe", {}, []].map((raw) => parseFlag(raw, report, "is_dealer"))).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(issues).toHaveLength(4);
    expect(
      [null, undefined, "", "-", "нет данных"].map((raw) => parseFlag(raw, report, "is_dealer")),
    ).toEqual(Array(5).fill(null));
    expect(issues).toHaveLength(4);
  });
});

describe("the address of a listing", () => {
  test.each([
    ["https://www.che168.com/dealer/413863/56520004.html?pvareaid=100519#top"],
    ["http://www.che168.com/dealer/413863/56520004.html"],
    ["//www.che168.com/dealer/413863/56520004.html"],
  ])("%s is served as https, without query and fragment", (raw) => {
    const { report, issues } = issueList();
    expect(parseUrl(raw, report)).toBe("https://www.che168.com/dealer/413863/56520004.html");
    expect(issues).toEqual([]);
  });

  test.each([
    "https://che168.com.evil.example/1.html",
    "https://evilche168.com/1.html",
    "https://www.che168.com@evil.example/1.html",
    "https://evil.example\\@www.che168.com/1.html",
    "https://www.che168.com:8443/1.html",
    "javascript:alert(1)//www.che168.com/",
    "ftp://www.che168.com/1.html",
    "/dealer/413863/56520004.html",
    {},
  ])("%j is null with an issue", (raw) => {
    const { report, issues } = issueList();
    expect(parseUrl(raw, report)).toBeNull();
    expect(issues).toEqual(["url: unreadable"]);
  });
});

describe("images", () => {
  const a = "https://2sc2.autoimg.cn/escimg/auto/g32/M08/6A/D4/1024x768_c42_autohomecar__a.jpg.webp";
  const b = "https://2sc2.autoimg.cn/escimg/auto/g1/b.jpg";

  test.each([
    ["an array", [a, b]],
    ["a JSON string", JSON.stringify([a, b])],
    ["a JSON string in a JSON string", JSON.stringify(JSON.stringify([a, b]))],
    ["addresses without https", [a.replace("https:", ""), b.replace("https:", "http:")]],
    ["repeats", [a, b, a]],
    ["a text with commas", `${a},${b.replace("https:", "")}`],
    ["a text with lines", `${a}\n${b}`],
  ])("%s gives the addresses in their order", (_, raw) => {
    const { report, issues } = issueList();
    expect(parseImages(raw, report)).toEqual([a, b]);
    expect(issues).toEqual([]);
  });

  test("only pictures of autoimg.cn are served; omitted ones are reported once per kind", () => {
    const { report, issues } = issueList();
    const strangers = [
      "https://evil.example/c.jpg",
      "https://autoimg.cn.evil.example/d.jpg",
      "javascript:x",
      5,
      {},
    ];
    expect(parseImages([a, ...strangers, null], report)).toEqual([a]);
    expect(issues).toEqual(["images: unreadable", "images: unknown_value"]);
  });

  test.each([[null], [""], ["[]"], [[]], ["null"]])("%j is an empty list", (raw) => {
    const { report, issues } = issueList();
    expect(parseImages(raw, report)).toEqual([]);
    expect(issues).toEqual([]);
  });

  test.each([["[broken"], [5], [{}], ["[".repeat(100_000)]])("unreadable lists leave an issue", (raw) => {
    const { report, issues } = issueList();
    expect(parseImages(raw, report)).toEqual([]);
    expect(issues).toEqual(["images: unreadable"]);
  });
});

describe("VIN", () => {
  test.each([
    ["LGWECMA47LE008164", "LGWECMA47LE008164", null],
    [" lgwecma47le008164 ", "LGWECMA47LE008164", null],
    ["ＬＧＷＥＣＭＡ４７ＬＥ００８１６４", "LGWECMA47LE008164", null],
    ["LHGCV2650XXXXXXX", null, "LHGCV2650XXXXXXX"],
    ["LHGCV2650XXXXXXXX", null, "LHGCV2650XXXXXXXX"],
    ["LHGCV26****008164", null, "LHGCV26****008164"],
  ])("%j is %j, masked %j", (raw, vin, masked) => {
    const { report, issues } = issueList();
    expect(parseVin(raw, report)).toEqual({ vin, masked });
    expect(issues).toEqual([]);
  });

  test.each(["LGWECMA47LE00816", "LGWECMA47LE00816O", "LGWECMA47LE0081640", "0".repeat(17), 5, {}])(
    "%j is null with an issue",
    (raw) => {
      const { report, issues } = issueList();
      expect(parseVin(raw, report)).toEqual({ vin: null, masked: null });
      expect(issues).toEqual(["vin: unreadable"]);
    },
  );
});

describe("pinyin of names", () => {
  test.each([
    ["秦PLUS", "Qin PLUS"],
    ["瑞虎8L", "Ruihu 8L"],
    ["长安CS75PLUS", "Chang'an CS75PLUS"],
    ["马自达3 昂克赛拉", "Mazida 3 Angkesaila"],
    ["X5", "X5"],
  ])("%s is %s", (name, latin) => {
    expect(toPinyin(name)).toBe(latin);
  });

  test("no text keeps a Chinese character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(toPinyin(text)).not.toMatch(/\p{Script=Han}|\p{Surrogate}/u);
      }),
    );
  });
});

test("flags, addresses, images and VINs take any value without throwing", () => {
  fc.assert(
    fc.property(fc.anything(), (raw) => {
      const { report } = issueList();
      expect([true, false, null]).toContain(parseFlag(raw, report, "is_dealer"));
      expect(parseUrl(raw, report) ?? "https://che168.com/").toMatch(/^https:\/\/(?:[^/]+\.)?che168\.com\//);
      expect(Array.isArray(parseImages(raw, report))).toBe(true);
      expect(parseVin(raw, report).vin ?? "LGWECMA47LE008164").toMatch(/^[A-HJ-NPR-Z0-9]{17}$/);
    }),
  );
});
