import type { Server } from "node:http";

/** Lets a server of this process listen on a free port, and tells the port to the process that started this one. */
export function announce(server: Server): void {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.({ port: typeof address === "object" && address ? address.port : 0 });
  });
}
