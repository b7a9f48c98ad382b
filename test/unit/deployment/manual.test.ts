import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CHECK_REASONS } from "../../../src/operations/index.ts";
import { blocksOf, commandsOf } from "../../support/source-text/blocks.ts";
import { attentionTexts, checkTexts, loggedTexts, unionIn } from "../../support/source-text/said.ts";

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
const english = read("docs/deployment.md");
const russian = read("docs/ru/deployment.md");

/** The rows of all tables, as lists of cells. */
const rowsOf = (markdown: string): string[][] =>
  markdown
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(2, -2)
        .split(/ \| |\| /)
        .map((cell) => cell.trim()),
    );
const rows = rowsOf(english);
/** Rows whose first cell is this code or text. */
const about = (first: string) => rows.filter(([cell]) => cell === first || cell === `\`${first}\``);
/** Texts that are in no table. */
const missing = (texts: readonly string[]) =>
  texts.filter((text) => !rows.some((cells) => cells.slice(0, 2).includes(text)));
const without = (codes: readonly string[]) => codes.filter((code) => about(code).length === 0);

describe("docs/deployment.md has the remedy", () => {
  test("for every attention item of status, with its exact text", () => {
    const codes = unionIn("operations/status/types.ts", "StatusIssue", "code");
    expect(codes).toContain("load_missing");
    expect(without(codes)).toEqual([]);
    expect(attentionTexts()).toContain("The catalogue has not been loaded.");
    expect(missing(attentionTexts())).toEqual([]);
  });

  test("for every reason of status --check, with its exact text", () => {
    expect(without(CHECK_REASONS)).toEqual([]);
    expect(checkTexts()).toContain("Nothing has been loaded.");
    expect(missing(checkTexts())).toEqual([]);
  });

  test("for every kind of error", () => {
    // Errors of the API client end no command.
    const codes = unionIn("errors.ts", "ErrorCode").filter((code) => !code.startsWith("API_"));
    expect(codes).toContain("UPSTREAM_UNAUTHORIZED");
    expect(without(codes)).toEqual([]);
  });

  test("for every warning and error that the program logs", () => {
    expect(loggedTexts().length).toBeGreaterThan(15);
    expect(missing(loggedTexts())).toEqual([]);
  });

  test("and has no row for a code that does not exist", () => {
    const known: readonly string[] = [
      ...unionIn("operations/status/types.ts", "StatusIssue", "code"),
      ...CHECK_REASONS,
      ...unionIn("errors.ts", "ErrorCode"),
    ];
    const part = english.slice(
      english.indexOf("## Troubleshooting"),
      english.indexOf("## PostgreSQL settings"),
    );
    const named = rowsOf(part).flatMap(([cell = ""]) => /^`(\w+)`$/.exec(cell)?.[1] ?? []);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("docs/ru/deployment.md", () => {
  test("has the same headings by level", () => {
    const levels = (markdown: string) => [...markdown.matchAll(/^(#+) /gm)].map(([, level]) => level);
    const withoutBlocks = (markdown: string) => markdown.replace(/^```.*?^```$/gms, "");
    expect(levels(withoutBlocks(russian))).toEqual(levels(withoutBlocks(english)));
  });

  test("has the same blocks with the same commands", () => {
    const blocks = (markdown: string) =>
      blocksOf(markdown).map((block) => [block.language, block.place, ...commandsOf(block)]);
    expect(blocks(russian)).toEqual(blocks(english));
  });

  test("has the same rows, with every message unchanged", () => {
    const firsts = (markdown: string) =>
      rowsOf(markdown)
        .map(([first]) => first)
        .filter((first) => /^`|…/.test(first ?? ""));
    expect(firsts(russian)).toEqual(firsts(english));
    const texts = [...attentionTexts(), ...checkTexts(), ...loggedTexts()];
    expect(texts.filter((text) => !russian.includes(`| ${text} |`))).toEqual([]);
  });
});
