// Replays a Dockerfile without a container engine: each stage in an empty directory as the image's root, with the same
// commands in the same order and the files that .dockerignore allows. Files of the base image and isolation are missing; the
// base must be the Node.js that runs this. `node scripts/replay-dockerfile.ts DIRECTORY`.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { basename, delimiter, dirname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import dockerignore from "@balena/dockerignore";
import {
  type Copy,
  DockerfileParser,
  type From,
  type Instruction,
  type JSONInstruction,
} from "dockerfile-ast";

/** State of a stage. */
export interface ReplayedImage {
  /** The directory used as `/`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly healthcheck: readonly string[];
  readonly ports: readonly string[];
}

type Stage = { -readonly [Key in keyof ReplayedImage]: ReplayedImage[Key] };

export interface ReplayOptions {
  /** The build context, with the Dockerfile and .dockerignore. */
  readonly context: string;
  /** An empty directory. */
  readonly into: string;
  /** Used instead of the image's user, which does not exist on other systems. */
  readonly user: { readonly uid: number; readonly gid: number };
  readonly log?: (line: string) => void;
}

/** Directories of the image in commands; the replay moves them below the stage's root. */
const OURS = /(?<=^|[\s'"=])\/(?=(?:app|src|data|usr\/local\/bin)(?:[\s/'"]|$))/g;
/** Directories of every base image. */
const BASE = ["usr/local/bin", "tmp", "root"];

/** The directory of the running Node.js, which the base image has in its PATH. */
const nodeDirectory = dirname(process.execPath);

/** PATH of a replayed image: its programs, Node.js, and the system's programs. */
export const pathOf = ({ root }: Pick<ReplayedImage, "root">): string =>
  [join(root, "usr/local/bin"), nodeDirectory, process.env.PATH].join(delimiter);

export const inside = ({ root }: Pick<ReplayedImage, "root">, path: string): string => join(root, path);

/** @throws Error when an instruction is unknown, a command fails, or the base is not the running Node.js */
export function replayDockerfile({ context, into, user, log = () => {} }: ReplayOptions): ReplayedImage {
  const text = readFileSync(join(context, "Dockerfile"), "utf8");
  const rules = readFileSync(join(context, ".dockerignore"), "utf8");
  const ignored = dockerignore().add(rules);
  const named = new Map<string, Stage>();
  const args = new Map<string, string>();
  let stage: Stage | undefined;

  const expand = (value: string) =>
    value.replace(/\$\{(\w+)\}/g, (_, name: string) => stage?.env[name] ?? args.get(name) ?? "");
  const words = (instruction: Instruction) =>
    instruction.getArguments().map((word) => expand(word.getValue()));
  const json = (instruction: Instruction) =>
    (instruction as JSONInstruction).getJSONStrings().map((one) => one.getJSONValue());
  const current = (): Stage => {
    if (stage === undefined) {
      throw new Error("FROM comes first");
    }
    return stage;
  };
  const at = (path: string) => inside(current(), posix.resolve(current().workdir, path));

  const begin = (from: From) => {
    const image = expand(from.getImage() ?? "");
    const version = /^node:(\d+\.\d+\.\d+)-/.exec(image)?.[1];
    if (version !== process.versions.node) {
      throw new Error(`The base is ${image}, and this is Node.js ${process.versions.node}`);
    }
    const root = join(into, `stage-${from.getBuildStage() ?? "final"}`);
    for (const directory of BASE) {
      mkdirSync(join(root, directory), { recursive: true });
    }
    stage = {
      root,
      env: {},
      workdir: "/",
      user: "root",
      entrypoint: [],
      cmd: [],
      healthcheck: [],
      ports: [],
    };
    named.set(from.getBuildStage() ?? "", stage);
  };

  /** Copies a file or the contents of a directory, without ignored files of the context. */
  const copy = (instruction: Copy) => {
    const paths = words(instruction);
    const target = paths.pop() ?? "";
    const from = instruction.getFromFlag()?.getValue();
    const mode = instruction
      .getFlags()
      .find((flag) => flag.getName() === "chmod")
      ?.getValue();
    for (const path of paths) {
      const source =
        from === undefined || from === null ? resolve(context, path) : inside(stageOf(from), path);
      const isDirectory = statSync(source).isDirectory();
      const destination = at(isDirectory || !target.endsWith("/") ? target : join(target, basename(path)));
      cpSync(source, destination, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (one) => {
          const name = relative(context, one);
          return Boolean(from) || name === "" || !ignoresAll(name, ignored.ignores(name), one);
        },
      });
      if (mode) {
        for (const file of isDirectory ? readdirSync(destination) : [""]) {
          chmodSync(join(destination, file), Number.parseInt(mode, 8));
        }
      }
    }
  };
  // An ignored directory may contain files that are not.
  const ignoresAll = (name: string, isIgnored: boolean, path: string) =>
    isIgnored && !(statSync(path).isDirectory() && rules.includes(`!${name}/`));
  const stageOf = (name: string): Stage => {
    const found = named.get(name);
    if (found === undefined) {
      throw new Error(`Unknown stage ${name}`);
    }
    return found;
  };

  const run = (instruction: Instruction) => {
    const { root, env, workdir } = current();
    const command = (instruction.getArgumentsContent() ?? "")
      .replace(/^(?:--mount=\S+\s+)+/, "")
      .replaceAll(OURS, `${root}/`)
      .replaceAll("-o node -g node", `-o ${user.uid} -g ${user.gid}`);
    log(`RUN ${command}`);
    execFileSync("/bin/sh", ["-ec", command], {
      cwd: inside({ root }, workdir),
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...npmSettings(),
        ...env,
        // npm reads its registry and its cache from the home directory.
        HOME: homedir(),
        PATH: pathOf({ root }),
        npm_config_prefer_offline: "true",
      },
    });
  };

  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === "ARG") {
      const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(instruction.getArgumentsContent() ?? "") ?? [];
      args.set(name, value);
    } else if (keyword === "FROM") {
      begin(instruction as From);
    } else if (keyword === "WORKDIR") {
      const path = posix.resolve(current().workdir, words(instruction)[0] ?? "");
      current().workdir = path;
      mkdirSync(at(path), { recursive: true });
    } else if (keyword === "ENV") {
      const settings = words(instruction).map((word) => word.split(/=(.*)/s).slice(0, 2));
      current().env = { ...current().env, ...Object.fromEntries(settings) };
    } else if (keyword === "COPY") {
      copy(instruction as Copy);
    } else if (keyword === "RUN") {
      run(instruction);
    } else if (keyword === "USER") {
      current().user = words(instruction)[0] ?? "";
    } else if (keyword === "EXPOSE") {
      current().ports = words(instruction);
    } else if (keyword === "ENTRYPOINT") {
      current().entrypoint = json(instruction);
    } else if (keyword === "CMD") {
      current().cmd = json(instruction);
    } else if (keyword === "HEALTHCHECK") {
      const [, check = "[]"] = /\bCMD\s+(\[.*\])/s.exec(instruction.getArgumentsContent() ?? "") ?? [];
      current().healthcheck = JSON.parse(check);
    } else if (keyword !== "LABEL") {
      throw new Error(`The replay does not support ${keyword}`);
    }
  }
  return current();
}

/** The registry of npm, where the environment sets it. */
const npmSettings = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /^npm_config_/i.test(name)));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , into] = process.argv;
  if (into === undefined || (existsSync(into) && readdirSync(into).length > 0)) {
    process.stderr.write("usage: node scripts/replay-dockerfile.ts EMPTY-DIRECTORY\n");
    process.exitCode = 2;
  } else {
    const { uid, gid } = userInfo();
    const image = replayDockerfile({
      context: fileURLToPath(new URL("..", import.meta.url)),
      into: resolve(into),
      user: { uid, gid },
      log: (line) => process.stdout.write(`${line}\n`),
    });
    process.stdout.write(`${JSON.stringify(image, null, 2)}\n`);
  }
}
