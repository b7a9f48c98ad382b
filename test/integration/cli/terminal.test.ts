import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { directoryWith } from "../../support/files/files.ts";

const source = (path: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../../src/${path}`, import.meta.url)));
const CLI = fileURLToPath(new URL("../../../scripts/cli.ts", import.meta.url));

const COLUMNS = 40;

/** Runs a command on a pseudo-terminal of 40 columns (util-linux `script`), and returns its output. */
async function onTerminal(words: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const command = `stty cols ${COLUMNS}; exec ${words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ")}`;
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: await directoryWith(),
    env: { PATH, HOME, TERM: "xterm", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  await once(child, "close");
  return text;
}

/** What a terminal shows after some output: lines of 40 cells, with the escape sequences that cli-progress uses. */
function screenOf(output: string): string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  let wraps = true;
  const cells = () => {
    lines[row] ??= [];
    return lines[row] as string[];
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches escape sequences
  for (const [token, parameters = "", code = ""] of output.matchAll(/\u001b\[([\d;?]*)([A-Za-z])|[\s\S]/gu)) {
    if (code !== "") {
      if (code === "G") {
        column = Number(parameters || 1) - 1;
      } else if (code === "A") {
        row = Math.max(0, row - Number(parameters || 1));
      } else if (code === "K") {
        cells().splice(parameters === "2" ? 0 : column);
      } else if (parameters === "?7") {
        wraps = code === "h";
      }
    } else if (token === "\n") {
      row += 1;
      cells();
    } else if (token === "\r") {
      column = 0;
    } else {
      if (column === COLUMNS && wraps) {
        row += 1;
        column = 0;
      }
      column = Math.min(column, COLUMNS - 1);
      cells()[column] = token;
      column += 1;
    }
  }
  return lines.map((line) => line.join("").trimEnd());
}

test("a log line longer than the terminal is shown in full above the progress bar", async () => {
  const script = `
    import { createProgressView } from ${source("cli/progress/progress-view.ts")};
    import { createLogger } from ${source("logging/logger.ts")};
    const logger = createLogger();
    const view = createProgressView({ stream: process.stderr, logger });
    view.report({ unit: "records", done: 500, total: 1000 });
    logger.warn("Page 26 failed: " + "abcdefghij".repeat(6) + " END");
    await new Promise((resolve) => setTimeout(resolve, 250));
    logger.info("A short line");
    view.report({ unit: "records", done: 600, total: 1000 });
    view.stop();
    logger.info("afterwards");`;
  const output = await onTerminal([process.execPath, "--input-type=module", "-e", script]);
  const screen = screenOf(output);
  expect(screen.join("")).toContain(`[WARN] Page 26 failed: ${"abcdefghij".repeat(6)} END`);
  expect(screen).toContain("[INFO] A short line");
  expect(screen.find((line) => line.includes("600 / 1,000"))).toMatch(/60\.0% \(600 \/ 1,000 records\)$/);
  expect(screen.at(-1) || screen.at(-2)).toBe("[INFO] afterwards");
});

test("colours appear on a terminal, and not with NO_COLOR", async () => {
  const words = [process.execPath, CLI, "status", "--help"];
  expect(await onTerminal(words)).toContain("\u001b[");
  expect(await onTerminal(words, { NO_COLOR: "1" })).not.toContain("\u001b[");
});
