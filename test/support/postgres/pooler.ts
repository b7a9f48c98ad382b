import { connect, createServer, type Socket } from "node:net";

/** As in PgBouncer: for how long a client keeps its session of the server. */
export type PoolMode = "session" | "transaction" | "statement";

/** A connection pooler before a server that trusts its clients. In transaction and statement mode it has one session. */
export interface TestPooler {
  /** URL of a database through the pooler. */
  url(database: string): string;
  /** Closes all connections; new ones have this mode. */
  setMode(mode: PoolMode): void;
  close(): Promise<void>;
}

export interface PoolerOptions {
  readonly mode?: PoolMode;
  /** Message of the refusal of the startup parameter `options`. @default undefined: the parameter is dropped */
  readonly refusal?: string;
}

const PROTOCOL_VERSION = 196_608;
const SSL_REQUEST = 80_877_103;
/** As PgBouncer does, the pooler invents the process id of a session. */
const INVENTED_PID = 2_000_000_000;

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** The pooler's own error, after which it closes the connection. */
const fatal = (text: string) => message("E", Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${text}\0\0`));

const KEY_DATA = message("K", int32(INVENTED_PID), int32(1));
const GREETING = Buffer.concat([message("R", int32(0)), KEY_DATA, message("Z", Buffer.from("I"))]);

/** Calls `take` with each whole message of a stream; the first of a client has no type. */
function readMessages(socket: Socket, take: (type: string, raw: Buffer) => void, hasStartup: boolean): void {
  let rest: Buffer = Buffer.alloc(0);
  let isStarted = !hasStartup;
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const offset = isStarted ? 1 : 0;
      const length = rest.length < offset + 4 ? Number.POSITIVE_INFINITY : offset + rest.readInt32BE(offset);
      if (rest.length < length) {
        return;
      }
      const raw = rest.subarray(0, length);
      rest = rest.subarray(length);
      const type = isStarted ? raw.toString("latin1", 0, 1) : "";
      isStarted ||= raw.readInt32BE(4) === PROTOCOL_VERSION;
      take(type, raw);
    }
  });
}

/** The startup message without `options`, or undefined when it has none. */
function withoutOptions(startup: Buffer): Buffer | undefined {
  const words = startup.toString("utf8", 8).split("\0");
  const at = words.findIndex((word, index) => index % 2 === 0 && word === "options");
  if (at === -1) {
    return undefined;
  }
  const body = Buffer.concat([int32(PROTOCOL_VERSION), Buffer.from(words.toSpliced(at, 2).join("\0"))]);
  return Buffer.concat([int32(4 + body.length), body]);
}

/** Starts a pooler on a free port before the server at `port`. */
export async function startPooler(port: number, options: PoolerOptions = {}): Promise<TestPooler> {
  let mode = options.mode ?? "session";
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };

  /** A session of the server; `take` gets its messages. */
  const openSession = (startup: Buffer, take: (type: string, raw: Buffer) => void): Socket => {
    const session = track(connect(port, "127.0.0.1"));
    readMessages(session, take, false);
    session.write(startup);
    return session;
  };

  let shared: Socket | undefined;
  let owner: Socket | undefined;
  let isFree = false;
  /** Messages of clients that wait for the shared session, in the order of their arrival. */
  const waiting = new Map<Socket, Buffer[]>();

  const release = (): void => {
    const [next] = waiting;
    owner = next?.[0];
    isFree = next === undefined;
    if (next !== undefined) {
      waiting.delete(next[0]);
      shared?.write(Buffer.concat(next[1]));
    }
  };
  const share = (startup: Buffer): void => {
    const session = openSession(startup, (type, raw) => {
      owner?.write(raw);
      // Started, or outside of a transaction: free for the next client.
      if (type === "Z" && raw.toString("latin1", 5) === "I") {
        release();
      }
    });
    session.on("close", () => {
      shared = shared === session ? undefined : shared;
      owner = undefined;
      isFree = false;
      for (const client of waiting.keys()) {
        client.destroy();
      }
      waiting.clear();
    });
    shared = session;
  };

  /** Gives a client the shared session from its first message to the end of its transaction. */
  const multiplex = (client: Socket, startup: Buffer): ((raw: Buffer) => void) => {
    client.write(GREETING);
    client.on("close", () => {
      waiting.delete(client);
      if (owner === client) {
        shared?.destroy();
      }
    });
    return (raw) => {
      if (owner === client) {
        shared?.write(raw);
        return;
      }
      waiting.set(client, [...(waiting.get(client) ?? []), raw]);
      if (shared === undefined) {
        share(startup);
      } else if (isFree) {
        release();
      }
    };
  };

  const server = createServer((socket) => {
    const client = track(socket);
    let pass: ((raw: Buffer) => void) | undefined;
    let isStatementMode = false;
    const take = (type: string, raw: Buffer) => {
      if (type === "" && raw.readInt32BE(4) === SSL_REQUEST) {
        client.write("N");
      } else if (type === "") {
        const stripped = withoutOptions(raw);
        if (stripped !== undefined && options.refusal !== undefined) {
          client.end(fatal(options.refusal));
        } else if (mode === "session") {
          const session = openSession(stripped ?? raw, (kind, answer) =>
            client.write(kind === "K" ? KEY_DATA : answer),
          );
          session.on("close", () => client.end());
          client.on("close", () => session.destroy());
          pass = (further) => session.write(further);
        } else {
          isStatementMode = mode === "statement";
          pass = multiplex(client, stripped ?? raw);
        }
      } else if (type === "X") {
        client.end();
      } else if (isStatementMode && /^[QP].{4}\0?begin/is.test(raw.toString("latin1"))) {
        client.end(fatal("transaction blocks not allowed in statement pooling mode"));
      } else {
        pass?.(raw);
      }
    };
    readMessages(client, take, true);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const own = typeof address === "object" && address ? address.port : 0;
  const disconnect = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    url: (database) => `postgres://postgres@127.0.0.1:${own}/${database}`,
    setMode: (next) => {
      mode = next;
      disconnect();
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        disconnect();
      }),
  };
}
