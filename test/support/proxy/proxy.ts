import { connect, createServer, type Socket } from "node:net";

/** Splits a stream of PostgreSQL's protocol into messages, whatever the chunk boundaries. */
function createSplitter(startsWithoutType: boolean): (piece: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0);
  let typed = !startsWithoutType;
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    const messages: Buffer[] = [];
    for (;;) {
      // A client's first message has no type byte before its length.
      const head = typed ? 1 : 0;
      const length = rest.length >= head + 4 ? head + rest.readInt32BE(head) : Number.POSITIVE_INFINITY;
      if (rest.length < length) {
        return messages;
      }
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
      typed = true;
    }
  };
}

/** A TCP proxy before a PostgreSQL server that can cut connections. */
export interface CuttingProxy {
  /** The URL of a database on the server, through the proxy. */
  url(database: string): string;
  /** Starts counting messages in both directions, and cuts the connection of the n-th after it. */
  cutAfter(messages: number): void;
  /** Makes the next cut close all connections and refuse new ones until {@link CuttingProxy.open}. */
  shutAtCut(): void;
  /** Sets a function that is called just before the next cut. */
  onCut(tell: () => void): void;
  /** Starts counting, and calls the function at the n-th message; cuts nothing. */
  tellAfter(messages: number, tell: () => void): void;
  /** Messages since counting started. */
  readonly messages: number;
  /** Cuts every connection, and refuses new ones until {@link CuttingProxy.open}. */
  shut(): void;
  open(): void;
  /** Local ports of the connections to the server since the last {@link CuttingProxy.forgetPorts}. */
  readonly ports: readonly number[];
  /** Those of them that belong to connections that the proxy has cut. */
  readonly cutPorts: readonly number[];
  forgetPorts(): void;
  /** Cuts every connection; new ones go to another server, as after a DNS change. */
  moveTo(port: number): void;
  close(): Promise<void>;
}

/** Listens on a free port and forwards to the server at `port`; with several ports, connections alternate. */
export async function startProxy(port: number, ...others: readonly number[]): Promise<CuttingProxy> {
  let targets = [port, ...others];
  let turn = 0;
  const open = new Set<Socket>();
  const ports = new Set<number>();
  const cutPorts = new Set<number>();
  let isShut = false;
  let shutsAtCut = false;
  let tell = () => {};
  let messages = 0;
  let cutAt = Number.POSITIVE_INFINITY;
  let tellAt = Number.POSITIVE_INFINITY;
  const shut = () => {
    isShut = true;
    for (const socket of open) {
      socket.resetAndDestroy();
    }
  };
  const server = createServer((client) => {
    const upstream = connect(targets[turn++ % targets.length] as number, "127.0.0.1");
    let port: number | undefined;
    upstream.once("connect", () => {
      port = Number(upstream.localPort);
      ports.add(port);
    });
    const reset = () => {
      if (port !== undefined) {
        cutPorts.add(port);
      }
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    const cut = () => {
      tell();
      if (shutsAtCut) {
        shut();
      }
      reset();
    };
    for (const [from, to, split] of [
      [client, upstream, createSplitter(true)],
      [upstream, client, createSplitter(false)],
    ] as const) {
      open.add(from);
      from.setNoDelay();
      from.on("data", (piece) => {
        for (const message of split(piece)) {
          messages += 1;
          if (messages === tellAt) {
            tell();
          }
          const isLast = messages === cutAt;
          // Written before the connection is cut, so that the peer still receives it.
          to.write(message, isLast ? cut : undefined);
          if (isLast) {
            from.pause();
            return;
          }
        }
      });
      from.on("error", () => {});
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
    }
    if (isShut) {
      reset();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const own = typeof address === "object" && address ? address.port : 0;
  return {
    url: (database) => `postgres://postgres@127.0.0.1:${own}/${database}`,
    cutAfter: (count) => {
      messages = 0;
      cutAt = count;
      tellAt = Number.POSITIVE_INFINITY;
      shutsAtCut = false;
      tell = () => {};
    },
    tellAfter: (count, listener) => {
      messages = 0;
      cutAt = Number.POSITIVE_INFINITY;
      tellAt = count;
      tell = listener;
    },
    get messages() {
      return messages;
    },
    shutAtCut: () => {
      shutsAtCut = true;
    },
    onCut: (listener) => {
      tell = listener;
    },
    shut,
    open: () => {
      isShut = false;
    },
    get ports() {
      return [...ports];
    },
    get cutPorts() {
      return [...cutPorts];
    },
    forgetPorts: () => {
      ports.clear();
      cutPorts.clear();
    },
    moveTo: (other) => {
      targets = [other];
      isShut = false;
      for (const socket of open) {
        socket.resetAndDestroy();
      }
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of open) {
          socket.destroy();
        }
      }),
  };
}
