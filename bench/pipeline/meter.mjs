// Loaded into a process before everything else (`node --import`): tells on file descriptor 3 what the process has used.
// No TypeScript: to strip its types takes memory of the process that is measured.
import { writeSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const usage = { cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024 };
  writeSync(3, JSON.stringify(usage));
});
