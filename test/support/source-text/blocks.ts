/** A fenced block of a page. */
export interface Block {
  /** Its language: `sh`, `sql`, `ini`. */
  readonly language: string;
  /** Where a block of commands runs (`vps`, `laptop`) and its requirements (`docker`, `root`, `remote`). */
  readonly place: string;
  readonly text: string;
  /** Number of its first line, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page in Markdown, in order. Pure. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*) ?(\w*)[^\n]*\n(.*?)^```$/gms)].map(
    ([, language = "", place = "", text = ""], index, all) => ({
      language,
      place,
      text,
      line: markdown.slice(0, all[index]?.index).split("\n").length + 1,
    }),
  );
}

/** The commands of a block, without comments; a backslash continues a line. */
export const commandsOf = ({ text }: Block): string[] =>
  text
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/(?:^|\s+)#.*$/, "").trim())
    .filter((line) => line !== "");
