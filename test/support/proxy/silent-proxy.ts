import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can fall silent, as a machine does that lost its power: nothing comes, and nothing ends. */
export interface SilentProxy {
  readonly port: number;
  /** From now on nothing is passed on; new connections are taken and get no word. */
  silence(): void;
  /** New connections work again; those from before stay silent. */
  speak(): void;
  close(): Promise<void>;
}

/** Listens on a free port of this machine and passes on what comes to `port`. */
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
