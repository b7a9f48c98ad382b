import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A free local port, below those that systems give to outgoing connections: one of these could take the port before the
 * server listens, or while it restarts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((done) => {
      server.once("error", () => done(false));
      server.listen(port, "127.0.0.1", () => done(true));
    });
    if (isFree) {
      await new Promise((done) => server.close(done));
      return port;
    }
  }
}
