import { places } from "../data/places.ts";

/** A place as each kind of account writes it: `济南, 莱芜`, `Цзинань`, `Jinan, Laiwu`. */
export interface SamplePlace {
  readonly zh: string;
  readonly ru: string;
  readonly en: string;
}

/** Reads the table of places: every district, and every city once without a district. Larger cities come first. */
export function readPlaces(): SamplePlace[] {
  return places
    .trim()
    .split("\n")
    .flatMap((row) => {
      const [city = "", districts = ""] = row.split("|").map((cell) => cell.trim());
      const [zh = "", ru = "", ...words] = city.split(" ");
      const en = words.join(" ");
      const inside = districts.split(", ").filter((district) => district !== "");
      return [
        ...inside.map((district) => {
          const [name = "", ...latin] = district.split(" ");
          return { zh: `${zh}, ${name}`, ru, en: `${en}, ${latin.join(" ")}` };
        }),
        { zh: `${zh}, `, ru, en },
      ];
    });
}
