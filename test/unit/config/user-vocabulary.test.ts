import { join } from "node:path";
import { expect, test } from "vitest";
import { readVocabulary } from "../../../src/config/user-vocabulary.ts";
import { directoryWith } from "../../support/files/files.ts";

const read = async (name: string, text: string) =>
  readVocabulary(join(await directoryWith({ [name]: text }), name));

test("a user's vocabulary is read from YAML and JSON", async () => {
  const expected = {
    color: { silver_gray: { spellings: ["流星银"] } },
    models: { Geely: { 星愿: "Xingyuan" } },
  };
  expect(await read("words.json", JSON.stringify(expected))).toEqual(expected);
  const yaml = "color:\n  silver_gray: { spellings: [流星银] }\nmodels:\n  Geely: { 星愿: Xingyuan }\n";
  expect(await read("words.yaml", yaml)).toEqual(expected);
});

test("all problems of a vocabulary are reported together, each under its key", async () => {
  await expect(
    read("words.json", JSON.stringify({ colour: {}, color: { red: { en: 5 }, blue: { fr: "bleu" } } })),
  ).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    problems: [
      { key: "vocabulary color.red.en", message: "must be a string, not 5" },
      { key: "vocabulary color.blue.fr", message: "is unknown" },
      { key: "vocabulary colour", message: "is unknown" },
    ],
  });
});

test("a missing or invalid vocabulary file is a configuration error", async () => {
  await expect(readVocabulary(join(await directoryWith(), "gone.yaml"))).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
  await expect(read("words.json", "{")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});
