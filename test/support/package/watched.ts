import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type InstalledProject, runNode } from "./installed.ts";

/** Blocks the network; reports loaded modules, calls of the file system and other programs, open resources and memory. */
const WATCH = `
  import child from "node:child_process";
  import dns from "node:dns";
  import fs from "node:fs";
  import { registerHooks, syncBuiltinESMExports } from "node:module";
  import { Socket } from "node:net";
  const refuse = () => { throw new Error("the network was used"); };
  Socket.prototype.connect = refuse;
  dns.lookup = refuse;

  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });

  // Records calls of the file system and child processes, except those by which Node.js loads modules.
  const asked = [];
  let depth = 0;
  Error.stackTraceLimit = 50;
  const caller = () => new Error().stack.split("\\n").slice(3).find((line) => !/node:(fs|child_process|internal\\/(?!modules))/.test(line)) ?? "";
  for (const [what, api] of Object.entries({ fs, "fs.promises": fs.promises, child_process: child })) {
    for (const [name, original] of Object.entries(api)) {
      if (typeof original !== "function" || /^[A-Z_]/.test(name)) continue;
      const watched = function (...given) {
        const from = depth === 0 ? caller() : "node:internal/modules";
        if (!from.includes("node:internal/modules")) asked.push(what + "." + name + "(" + String(given[0]) + ")");
        depth += 1;
        try { return original.apply(this, given); } finally { depth -= 1; }
      };
      Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original));
      api[name] = watched;
    }
  }
  syncBuiltinESMExports();

  globalThis.report = () => {
    const busy = process.getActiveResourcesInfo().filter((name) => !/^(PipeWrap|TTYWrap|FSReqPromise|CloseReq)$/.test(name));
    console.log(JSON.stringify({ busy, loaded, asked, rssBytes: process.memoryUsage.rss() }));
  };
`;

/** The effects of a module. */
export interface Watched {
  /** Resources that keep the process alive. */
  readonly busy: readonly string[];
  /** URLs of loaded modules, those of Node.js included. */
  readonly loaded: readonly string[];
  /** Calls of the file system and of other programs, without the loading of modules: `fs.readFileSync(path)`. */
  readonly asked: readonly string[];
  /** Resident memory of the process at the end. */
  readonly rssBytes: number;
}

/** Runs the lines as a module that may read the project's files and has no other permission. */
export async function watch(project: InstalledProject, lines: string): Promise<Watched> {
  const encoded = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const flags = ["--permission", `--allow-fs-read=${project.dir}/*`, "--allow-addons", "--no-warnings"];
  await writeFile(join(project.dir, "watched.mjs"), `${lines}\nreport();\n`);
  const { stdout } = await runNode(project, [...flags, "--import", encoded(WATCH), "watched.mjs"]);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** The packages that loaded modules belong to. */
export const packagesOf = (loaded: readonly string[]): string[] => [
  ...new Set(loaded.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])),
];
