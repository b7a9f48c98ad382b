// Preloaded with `node --import`: reports the process's resource usage on file descriptor 3.
// JavaScript, because stripping types takes memory of the measured process.
import { writeSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const usage = { cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024 };
  writeSync(3, JSON.stringify(usage));
});
