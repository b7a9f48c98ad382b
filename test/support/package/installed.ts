import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A separate project with the package installed as users get it. */
export interface InstalledProject {
  readonly dir: string;
  /** The packed file. */
  readonly tarball: string;
  remove(): Promise<void>;
}

/** Output of a program. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node.js in a project with only PATH and HOME of this process's environment; rejects with the output when it fails. */
export function runNode(
  project: InstalledProject,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramOutput> {
  const { PATH = "", HOME = "" } = process.env;
  return run(process.execPath, [...args], { cwd: project.dir, env: { PATH, HOME, ...env } });
}

/** Packs the build and installs it, with further packages, in an empty project. */
export async function installPackage(further: readonly string[] = []): Promise<InstalledProject> {
  if (!existsSync(join(ROOT, "dist/index.mjs"))) {
    throw new Error("The package has not been built; run `npm run build` first");
  }
  const dir = await mkdtemp(join(tmpdir(), "che168-package-"));
  await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", dir], { cwd: ROOT });
  const name = (await readdir(dir)).find((file) => file.endsWith(".tgz"));
  const tarball = join(dir, name ?? "");
  await writeFile(join(dir, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", ...flags, tarball, ...further], { cwd: dir });
  return { dir, tarball, remove: () => rm(dir, { recursive: true, force: true }) };
}
