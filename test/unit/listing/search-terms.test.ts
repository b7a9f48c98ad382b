import { describe, expect, test } from "vitest";
import { compileVocabulary } from "../../../src/listing/index.ts";
import { listingWords } from "../../../src/listing/search/listing-words.ts";
import { searchTerms } from "../../../src/listing/search/search-terms.ts";
import { soundKey } from "../../../src/listing/search/sound-key.ts";

const vocabulary = compileVocabulary();

/** Listings that buyers look for, by a short name. */
const CARS = {
  camry: {
    mark: "Toyota",
    model: "Camry",
    series: "凯美瑞",
    color: "white",
    engine_type: "gasoline",
    body_type: "sedan",
  },
  rav4: {
    mark: "Toyota",
    model: "RAV4",
    series: "RAV4荣放",
    drive_type: "awd",
    body_type: "suv",
    color: "black",
  },
  prado: {
    mark: "Toyota",
    model: "Land Cruiser Prado",
    series: "普拉多",
    engine_type: "diesel",
    body_type: "suv",
    drive_type: "awd",
  },
  x5: { mark: "BMW", model: "X5", series: "宝马X5", color: "black", drive_type: "awd", body_type: "suv" },
  bmw3: { mark: "BMW", model: "3 Series", series: "宝马3系", color: "blue", body_type: "sedan" },
  a6: { mark: "Audi", model: "A6L", series: "奥迪A6L", color: "gray", body_type: "sedan" },
  q7: { mark: "Audi", model: "Q7", series: "奥迪Q7", body_type: "suv" },
  crv: { mark: "Honda", model: "CR-V", series: "本田CR-V", color: "white", body_type: "suv" },
  civic: { mark: "Honda", model: "Civic", series: "思域", body_type: "sedan" },
  model3: { mark: "Tesla", model: "Model 3", series: "Model 3", engine_type: "electric", color: "red" },
  modely: { mark: "Tesla", model: "Model Y", series: "Model Y", engine_type: "electric", body_type: "suv" },
  eclass: { mark: "Mercedes-Benz", model: "E-Class", series: "奔驰E级", color: "black", body_type: "sedan" },
  gclass: { mark: "Mercedes-Benz", model: "G-Class", series: "奔驰G级", body_type: "suv" },
  golf: { mark: "Volkswagen", model: "Golf", series: "高尔夫", body_type: "hatchback" },
  tiguan: { mark: "Volkswagen", model: "Tiguan L", series: "途观L", body_type: "suv" },
  octavia: { mark: "Skoda", model: "Octavia", series: "明锐" },
  h6: { mark: "Haval", model: "H6", series: "哈弗H6", body_type: "suv" },
  jolion: { mark: "Haval", model: "Jolion", series: "哈弗初恋", body_type: "suv" },
  monjaro: { mark: "Geely", model: "Xingyue L", series: "星越L", body_type: "suv" },
  song: {
    mark: "BYD",
    model: "Song PLUS",
    series: "宋PLUS",
    engine_type: "plug_in_hybrid",
    body_type: "suv",
  },
  han: { mark: "BYD", model: "Han", series: "汉", engine_type: "electric" },
  zeekr: { mark: "Zeekr", model: "001", series: "极氪001", engine_type: "electric" },
  qashqai: { mark: "Nissan", model: "Qashqai", series: "逍客", body_type: "suv" },
  xtrail: { mark: "Nissan", model: "X-Trail", series: "奇骏", body_type: "suv" },
  tucson: { mark: "Hyundai", model: "Tucson", series: "途胜", body_type: "suv" },
  sportage: { mark: "Kia", model: "Sportage", series: "狮跑", body_type: "suv" },
  cayenne: { mark: "Porsche", model: "Cayenne", series: "Cayenne", body_type: "suv" },
} as const;
type Car = keyof typeof CARS;

const WORDS = new Map(
  Object.entries(CARS).map(([name, car]) => [name, listingWords(car, vocabulary)] as const),
);

/** The cars that a query finds. */
const found = (query: string) => {
  const terms = searchTerms(query, vocabulary);
  return [...WORDS]
    .filter(([, words]) =>
      terms.every((term) =>
        term.some(({ text, isPrefix }) =>
          words.some((word) => (isPrefix ? word.startsWith(text) : word === text)),
        ),
      ),
    )
    .map(([name]) => name);
};

describe("a search as buyers type it", () => {
  test.each<[query: string, ...cars: Car[]]>([
    ["тойота камри", "camry"],
    ["камри", "camry"],
    ["toyota camry", "camry"],
    ["Camry белая", "camry"],
    ["凯美瑞", "camry"],
    ["丰田", "camry", "rav4", "prado"],
    ["рав4", "rav4"],
    ["рав 4", "rav4"],
    ["rav 4", "rav4"],
    ["тойота рав4 полный привод", "rav4"],
    ["荣放", "rav4"],
    ["прадо", "prado"],
    ["ленд крузер прадо", "prado"],
    ["landcruiser", "prado"],
    ["prado дизель", "prado"],
    ["普拉多 柴油", "prado"],
    ["бмв х5", "x5"],
    ["бмв x5", "x5"],
    ["bmw x5", "x5"],
    ["bmw x 5", "x5"],
    ["х5", "x5"],
    ["бэха", "x5", "bmw3"],
    ["宝马 x5", "x5"],
    ["бмв 3 серии", "bmw3"],
    ["bmw 3 series", "bmw3"],
    ["宝马3系", "bmw3"],
    ["ауди а6", "a6"],
    ["audi a6", "a6"],
    ["а6", "a6"],
    ["奥迪", "a6", "q7"],
    ["honda crv", "crv"],
    ["cr-v", "crv"],
    ["cr v", "crv"],
    ["хонда црв", "crv"],
    ["хонда цивик", "civic"],
    ["model3", "model3"],
    ["тесла модель 3", "model3"],
    ["tesla электро красный", "model3"],
    ["特斯拉 model y", "modely"],
    ["мерс", "eclass", "gclass"],
    ["мерседес е класс", "eclass"],
    ["mercedes e-class", "eclass"],
    ["гелик", "gclass"],
    ["奔驰", "eclass", "gclass"],
    ["гольф", "golf"],
    ["фольксваген тигуан", "tiguan"],
    ["тигуан внедорожник", "tiguan"],
    ["шкода октавия", "octavia"],
    ["хавал", "h6", "jolion"],
    ["haval h6", "h6"],
    ["джолион", "jolion"],
    ["монжаро", "monjaro"],
    ["джили", "monjaro"],
    ["бид сун", "song"],
    ["byd song plus", "song"],
    ["хань электро", "han"],
    ["比亚迪 汉", "han"],
    ["зикр 001", "zeekr"],
    ["ниссан кашкай", "qashqai"],
    ["x-trail", "xtrail"],
    ["xtrail", "xtrail"],
    ["икстрейл", "xtrail"],
    ["туксон", "tucson"],
    ["киа спортейдж", "sportage"],
    ["порше кайен", "cayenne"],
  ])("%s finds %s", (query, ...cars) => {
    expect(found(query)).toEqual(cars);
  });

  test.each([
    ["Camry", "камри"],
    ["Corolla", "королла"],
    ["Tiguan", "тигуан"],
    ["Passat", "пассат"],
    ["Octavia", "октавия"],
    ["Lancer", "лансер"],
    ["Pajero", "паджеро"],
    ["Forester", "форестер"],
    ["Jetta", "джетта"],
    ["Explorer", "эксплорер"],
    ["Accord", "аккорд"],
    ["Sorento", "соренто"],
    ["Teana", "теана"],
  ])("%s sounds like %s", (latin, russian) => {
    expect(soundKey(latin.toLowerCase())).toBe(soundKey(russian));
  });
});
