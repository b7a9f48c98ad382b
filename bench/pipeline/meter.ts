// Loaded into a process before everything else (`node --import`): tells on file descriptor 3 what the process has used.
import { writeSync } from "node:fs";

/** What a process has used when it ends. */
export interface Usage {
  /** Processor time. */
  readonly cpuMs: number;
  /** The most memory that it held. */
  readonly rssMb: number;
}

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024 };
  writeSync(3, JSON.stringify(usage));
});
