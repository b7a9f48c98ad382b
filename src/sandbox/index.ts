/** A local upstream for demos, tests and embedders: `import { startSandbox } from "che168-sync/sandbox"`. */
export type { Logger } from "../logging/types.ts";
export type { Fault, FaultRule } from "./http/faults.ts";
export { startSandbox } from "./sandbox.ts";
export type {
  AppendedChange,
  Sandbox,
  SandboxChange,
  SandboxOptions,
  SandboxRequest,
  SandboxSource,
} from "./types.ts";
