// Preloaded with `node --import`: reports the process's resource usage on file descriptor 3.
// JavaScript, because stripping types takes memory of the measured process.
import { writeSync } from "node:fs";

const samples = [];
const megabytes = (bytes) => bytes / 1_048_576;
const intervalMs = Number(process.env.BENCH_SAMPLE_MS);
if (intervalMs > 0) {
  setInterval(() => {
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    samples.push({
      seconds: process.uptime(),
      rssMb: megabytes(rss),
      heapMb: megabytes(heapUsed),
      buffersMb: megabytes(arrayBuffers),
    });
  }, intervalMs).unref();
}

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const usage = { cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024, samples };
  writeSync(3, JSON.stringify(usage));
});
