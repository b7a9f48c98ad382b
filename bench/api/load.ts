import { connect } from "node:net";

// A cheap client, because it shares the cores with the server: requests are prepared bytes, and only status and length of a
// response are read.

const HEAD_END = Buffer.from("\r\n\r\n");

/** Result of a period of load. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Median and 99th percentile, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly statuses: ReadonlyMap<number, number>;
}

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The next request: its path, and headers in addition to the common ones, each with its line break. */
  readonly next: () => { path: string; headers: string };
}

/** Keeps a number of connections busy for a time. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  const started = performance.now();
  const end = started + options.seconds * 1_000;
  await Promise.all(
    Array.from({ length: options.connections }, () => keepBusy(options, end, latencies, statuses)),
  );
  const seconds = (performance.now() - started) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    requests: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    statuses,
  };
}

function keepBusy(
  options: LoadOptions,
  end: number,
  latencies: number[],
  statuses: Map<number, number>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // One read buffer per connection instead of one per read.
    const buffer = Buffer.allocUnsafe(65_536);
    const socket = connect({
      port: options.port,
      host: "127.0.0.1",
      onread: { buffer, callback: (length) => read(buffer.subarray(0, length)) },
    });
    socket.setNoDelay();
    let sentAt = 0;
    let missing = -1;
    let head: Buffer = Buffer.alloc(0);
    const send = () => {
      const { path, headers } = options.next();
      sentAt = performance.now();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
    };
    const answered = () => {
      const now = performance.now();
      latencies.push(now - sentAt);
      missing = -1;
      if (now >= end) {
        socket.end();
        resolve();
      } else {
        send();
      }
    };
    const read = (piece: Buffer): boolean => {
      if (missing === -1) {
        head = head.length === 0 ? piece : Buffer.concat([head, piece]);
        const headEnd = head.indexOf(HEAD_END);
        if (headEnd === -1) {
          head = Buffer.from(head);
          return true;
        }
        const text = head.toString("latin1", 0, headEnd);
        const status = Number(text.slice(9, 12));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const length =
          status === 304 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
        if (Number.isNaN(length)) {
          reject(new Error(`A response without a length: ${text}`));
          socket.destroy();
          return false;
        }
        missing = length - (head.length - headEnd - 4);
        head = Buffer.alloc(0);
      } else {
        missing -= piece.length;
      }
      if (missing === 0) {
        answered();
      }
      return true;
    };
    socket.on("error", reject);
    socket.on("connect", send);
  });
}
