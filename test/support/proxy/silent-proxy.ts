import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy that can stop forwarding, as after a power failure: connections stay open without any data. */
export interface SilentProxy {
  readonly port: number;
  /** Stops forwarding; new connections are accepted and get no data. */
  silence(): void;
  /** Forwards new connections again; earlier ones still get no data. */
  speak(): void;
  close(): Promise<void>;
}

/** Listens on a free local port and forwards to `port`. */
export async function startSilentProxy(port: number): Promise<SilentProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on("error", () => {});
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
      if (!silent) {
        from.pipe(to);
      }
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    silence: () => {
      silent = true;
      for (const [client, upstream] of pairs) {
        client.unpipe();
        upstream.unpipe();
        client.pause();
        upstream.pause();
      }
    },
    speak: () => {
      silent = false;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const [client, upstream] of pairs) {
          client.destroy();
          upstream.destroy();
        }
      }),
  };
}
