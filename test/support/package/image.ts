import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, constants, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { inside, pathOf, type ReplayedImage, replayDockerfile } from "../../../scripts/replay-dockerfile.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Not part of a clone, or replaced in the test. */
const NOT_COPIED = /^(?:node_modules|dist|site|coverage|logs|\.git|\.che168)(?:\/|$)/;

/** Replaces the image's user: an unprivileged account if the tests run as root. */
function unprivileged(): { uid: number; gid: number } {
  const { uid, gid } = userInfo();
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return uid === 0 ? { uid: id("-u"), gid: id("-g") } : { uid, gid };
}

export interface ContainerResult {
  readonly code: number | null;
  readonly output: string;
}

/** A process in a replayed image. */
export interface Container {
  readonly child: ChildProcess;
  readonly ended: Promise<ContainerResult>;
  /** Resolves when its output matches; rejects if it exits first. */
  shown(pattern: RegExp): Promise<void>;
}

export interface TestImage extends ReplayedImage {
  /** The directory of the stages. */
  readonly stages: string;
  /** Commands of RUN, in order. */
  readonly ran: readonly string[];
  /** `docker run`: the entrypoint with these arguments or the image's, in exactly this environment. */
  start(words: readonly string[] | undefined, env: Readonly<Record<string, string>>): Container;
  /** `docker exec`: another command. */
  exec(command: readonly string[], env: Readonly<Record<string, string>>): Promise<ContainerResult>;
  remove(): void;
}

/** Replays the Dockerfile with a developer's directory; `planted` are additional files. */
export function buildImage(planted: (context: string) => void): TestImage {
  const home = mkdtempSync(join(tmpdir(), "che168-image-"));
  chmodSync(home, 0o755);
  const context = join(home, "context");
  const stages = join(home, "stages");
  cpSync(ROOT, context, {
    recursive: true,
    filter: (path) => !NOT_COPIED.test(path.slice(ROOT.length)),
  });
  mkdirSync(stages);
  planted(context);
  const user = unprivileged();
  const ran: string[] = [];
  const remove = () => rmSync(home, { recursive: true, force: true });
  let image: ReplayedImage;
  try {
    image = replayDockerfile({ context, into: stages, user, log: (line) => ran.push(line) });
  } catch (error) {
    remove();
    throw error;
  }
  // The base image has it too, executable for everybody.
  copyFileSync(process.execPath, inside(image, "usr/local/bin/node"), constants.COPYFILE_FICLONE);
  // A read-only root file system leaves nothing writable.
  chmodSync(inside(image, "data"), 0o500);

  const start = (command: readonly string[], env: Readonly<Record<string, string>>): Container => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: inside(image, image.workdir),
      env: { ...image.env, ...env, PATH: pathOf(image) },
      stdio: ["ignore", "pipe", "pipe"],
      ...(userInfo().uid === 0 ? user : {}),
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        child.emit("shown");
      });
    }
    const ended = new Promise<ContainerResult>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
    });
    const shown = (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => pattern.test(output) && resolve();
        child.on("shown", look);
        child.once("close", () => reject(new Error(`Exited without ${pattern}: ${output}`)));
        look();
      });
    return { child, ended, shown };
  };
  return {
    ...image,
    stages,
    ran,
    start: (words, env) => start([...image.entrypoint, ...(words ?? image.cmd)], env),
    exec: (command, env) => start(command, env).ended,
    remove,
  };
}
