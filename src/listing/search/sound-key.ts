// A coarse spelling of how a name sounds, equal for its Latin and its Russian form: `Camry` and `камри` are `kamri`.

const CYRILLIC: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."аоя"].map((letter) => [letter, "a"])),
  ...Object.fromEntries([..."еэиыйё"].map((letter) => [letter, "i"])),
  ...Object.fromEntries([..."ую"].map((letter) => [letter, "u"])),
  ...Object.fromEntries([..."жшщч"].map((letter) => [letter, "j"])),
  ...Object.fromEntries([..."зсц"].map((letter) => [letter, "s"])),
  ...{
    б: "b",
    в: "v",
    г: "g",
    д: "d",
    к: "k",
    л: "l",
    м: "m",
    н: "n",
    п: "p",
    р: "r",
    т: "t",
    ф: "f",
    х: "h",
  },
  ...{ ь: "", ъ: "" },
};

const LATIN: readonly (readonly [pattern: RegExp, sound: string])[] = [
  [/sch|sh|ch|zh|dj/g, "j"],
  [/ph/g, "f"],
  [/gh/g, ""],
  [/th/g, "t"],
  [/ck|qu?/g, "k"],
  [/x/g, "ks"],
  [/c(?=[eiy])/g, "s"],
  [/c/g, "k"],
  [/w/g, "v"],
  [/z/g, "s"],
  [/[ey]/g, "i"],
  [/o/g, "a"],
];

/** The sound of one word in lower case; digits are kept. Letters of other scripts are left out. */
export function soundKey(word: string): string {
  const latin = word
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("дж", "ж")
    .replace(/[а-яё]/g, (letter) => CYRILLIC[letter] ?? "");
  const sounds = /[а-яё]/.test(word)
    ? latin
    : LATIN.reduce((text, [pattern, sound]) => text.replace(pattern, sound), latin);
  return sounds
    .replace(/[^a-z\d]/g, "")
    .replace(/([aiu])[aiu]+/g, "$1")
    .replace(/([a-z])\1+/g, "$1");
}
