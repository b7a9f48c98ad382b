import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const MODULE = fileURLToPath(new URL("../../../src/cli/signals.ts", import.meta.url));

/** Starts a process that prints the warnings and never exits by itself. */
async function start() {
  const script = `
    import { watchSignals } from ${JSON.stringify(MODULE)};
    const { signal, stopped } = watchSignals((line) => console.log("told " + line));
    signal.addEventListener("abort", () => console.log("aborted " + signal.reason.message + " " + stopped()));
    setInterval(() => {}, 1000);
    console.log("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  const shows = async (pattern: RegExp) => {
    while (!pattern.test(text)) {
      await once(child.stdout, "data");
    }
  };
  await shows(/ready/);
  return { child, shows, ended: once(child, "exit") };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "the first %s requests a stop, the second terminates by that signal",
  async (signal) => {
    const { child, shows, ended } = await start();
    child.kill(signal);
    await shows(
      new RegExp(
        `told ${signal}: stopping \\((?:press again|send it again) to force\\)[\\s\\S]*aborted stopped by ${signal} ${signal}`,
      ),
    );
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
  },
);

test("a second signal of the other kind terminates as well", async () => {
  const { child, shows, ended } = await start();
  child.kill("SIGTERM");
  await shows(/aborted/);
  child.kill("SIGINT");
  expect(await ended).toEqual([null, "SIGINT"]);
});

test("a stop that hangs is forced, with the code of the signal", async () => {
  const { child, ended } = await start();
  child.kill("SIGTERM");
  expect(await ended).toEqual([143, null]);
});
