import { options } from "../data/equipment.ts";
import { inspectionPoints, inspectionResults, surnames } from "../data/texts.ts";
import { fractionOf, hash, pick } from "../world/random.ts";
import { equipmentLevel } from "./car-facts.ts";
import type { Car } from "./cars.ts";
import { specificationOf } from "./specification.ts";
import { russianSpecification } from "./specification-russian.ts";

/**
 * The large parts of a listing as JSON text, created once and shared by all listings that have them. Otherwise a listing
 * would take hundreds of microseconds, and 250,000 of them gigabytes.
 */
export interface Fragments {
  /** `extra.configuration`: the Chinese specification of a car. */
  specification(car: Car): Buffer;
  /** `configuration` of accounts set to Russian. */
  russian(car: Car): Buffer;
  /** `extra.option`: by equipment and by whether the car has an engine. */
  options(car: Car): Buffer;
  /** `extra.option.map` that fits the report of the same `draw`. */
  optionMap(draw: number): Readonly<Record<string, string>>;
  /** `extra.inspection`: one of the 96 reports; `draw` is a hash. */
  inspection(draw: number): Buffer;
}

const REPORTS = 96;
const PHOTOS = "https://2sc2.autoimg.cn/escimg/inspection/g24/M0B/";

function optionsOf(car: Car): object {
  const level = equipmentLevel(car);
  const electric = car.powertrain.kind === "electric";
  const groups = options
    .trim()
    .split("\n")
    .map((line) => {
      const [groupname = "", list = ""] = line.split(" | ");
      const all = list.split(", ").map((item) => {
        const cut = item.lastIndexOf(" ");
        return { name: item.slice(0, cut), due: Number(item.slice(cut)) };
      });
      const present = all.filter(({ name, due }) => due <= level && !(electric && name.startsWith("*")));
      return { groupname, opts: present.map(({ name }) => ({ optionname: name.replace("*", "") })) };
    });
  const shown = groups.flatMap(({ opts }) => opts.slice(-2)).slice(0, 14);
  const icons = shown.map(({ optionname }, index) => ({
    optionname,
    iconurl: `https://x.autoimg.cn/2sc/m/config/option_${String(index + 11 * level).padStart(3, "0")}.png`,
  }));
  return { displayopts: icons, moreoptions: groups.filter(({ opts }) => opts.length > 0) };
}

/** Number of earlier owners in a report. */
const transfersOf = (report: number) => `${hash(report * 1000 + 9, 77) % 4}次`;

/** A fictional report: only the last four digits of phone numbers vary; names are a surname with a title. */
function inspectionOf(number: number): object {
  const draw = (salt: number) => hash(number * 1000 + salt, 77);
  const phone = (salt: number) => `1380000${String(draw(salt) % 10_000).padStart(4, "0")}`;
  const photo = (salt: number) =>
    `${PHOTOS}1024x768_c42_${draw(salt).toString(16).padStart(8, "0")}.jpg.webp`;
  const day = `2025-${String((draw(1) % 12) + 1).padStart(2, "0")}-${String((draw(2) % 28) + 1).padStart(2, "0")}`;
  let point = 100;
  const groups = Object.entries(inspectionPoints).map(([title, names]) => ({
    title,
    items: names.map((name) => {
      point += 1;
      const flaw = fractionOf(draw(point)) < 0.12;
      const result = flaw ? pick(inspectionResults, draw(point + 500)) : "正常";
      return { name, result, status: result === "正常" ? 0 : 1, remark: "", photo: photo(point + 200) };
    }),
  }));
  return {
    phone: phone(3),
    linkman: `${pick(surnames, draw(4))}${draw(5) % 3 === 0 ? "女士" : "先生"}`,
    report_no: `JC${day.replaceAll("-", "")}${String(number).padStart(4, "0")}`,
    inspector: { name: `${pick(surnames, draw(6))}师傅`, mobile: phone(7) },
    inspected_at: day,
    score: 80 + (draw(8) % 20),
    cards: [
      { title: "过户次数", value: transfersOf(number) },
      { title: "年检到期", value: `2026-${String((draw(10) % 12) + 1).padStart(2, "0")}` },
      { title: "交强险到期", value: `2026-${String((draw(11) % 12) + 1).padStart(2, "0")}` },
      { title: "使用性质", value: "非营运" },
      { title: "钥匙数量", value: `${(draw(12) % 2) + 1}把` },
      { title: "保养记录", value: draw(13) % 3 === 0 ? "暂无" : "4S店定期保养" },
    ],
    groups,
    conclusion: "经检测，未发现重大事故、泡水、火烧痕迹，车况以实车为准。",
  };
}

/** Returns the cached value of a key, or creates it. */
function memo<K>(make: (key: K) => object): (key: K) => Buffer {
  const known = new Map<K, Buffer>();
  return (key) => {
    let text = known.get(key);
    if (!text) {
      text = Buffer.from(JSON.stringify(make(key)));
      known.set(key, text);
    }
    return text;
  };
}

/** Creates fragments on first use; all of them take some 15 MB. */
export function createFragments(): Fragments {
  const optionSets = new Map<string, Buffer>();
  const inspection = memo(inspectionOf);
  return {
    specification: memo(specificationOf),
    russian: memo(russianSpecification),
    options(car) {
      const key = `${equipmentLevel(car)} ${car.powertrain.kind === "electric"}`;
      const known = optionSets.get(key) ?? Buffer.from(JSON.stringify(optionsOf(car)));
      optionSets.set(key, known);
      return known;
    },
    optionMap: (draw) => ({ 过户次数: transfersOf(draw % REPORTS) }),
    inspection: (draw) => inspection(draw % REPORTS),
  };
}
