import { Agent, get, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { H3 } from "h3";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ApiServer, startServer } from "../../../src/api/index.ts";
import { freePort } from "../../../tools/free-port.ts";

const serve = async (options: Parameters<typeof startServer>[0]): Promise<ApiServer> => {
  const server = await startServer(options);
  onTestFinished(() => server.close());
  return server;
};

/** A handler whose responses wait until they are released. */
function slowHandler(): { handler: H3; arrived: Promise<void>; release: () => void } {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const handler = new H3()
    .get("/slow", async () => {
      arrive();
      await released;
      return "done";
    })
    .get("/", () => "here");
  return { handler, arrived, release };
}

const fast = () => new H3().get("/", () => "here");

/** A logger that keeps its warnings. */
function recorder() {
  const lines: string[] = [];
  return {
    lines,
    logger: { debug() {}, info() {}, error() {}, warn: (text: string) => void lines.push(text) },
  };
}

/** Sends a request over an agent; resolves with the response, its body read. */
const request = (url: string, agent: Agent): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(response));
    }).on("error", reject);
  });

/** Opens connections that send nothing. */
async function silentConnections(port: number, count: number, localAddress?: string): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, host: "127.0.0.1", localAddress }));
  onTestFinished(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise((done) => {
          socket.on("error", done);
          socket.once("connect", done);
        }),
    ),
  );
  return sockets;
}

describe("startServer", () => {
  test("serves at the URL that it returns", async () => {
    const server = await serve({ handler: fast(), port: 0 });
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/`);
    expect(await (await fetch(server.url)).text()).toBe("here");
  });

  test("uses the given port, and all addresses of the machine if requested", async () => {
    const port = await freePort();
    const server = await serve({ handler: fast(), host: "0.0.0.0", port });
    expect(server.url).toBe(`http://0.0.0.0:${port}/`);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("here");
  });

  test("reports a port in use", async () => {
    const other = await serve({ handler: fast(), port: 0 });
    await expect(startServer({ handler: fast(), port: other.port })).rejects.toMatchObject({
      code: "ADDRESS_UNUSABLE",
      message: expect.stringMatching(
        new RegExp(`127\\.0\\.0\\.1:${other.port} is in use by another program.*--port`),
      ),
    });
  });

  test.each([
    ["203.0.113.7", 0, /does not belong to this machine/],
    ["no.such.host.invalid", 0, /is unknown|cannot be used/],
    ["127.0.0.1", 6_667, /browsers refuse/],
  ])("says why %s:%i cannot be used", async (host, port, message) => {
    await expect(startServer({ handler: fast(), host, port })).rejects.toMatchObject({
      code: "ADDRESS_UNUSABLE",
      message: expect.stringMatching(message),
    });
  });

  test("closes a connection whose request head does not arrive in time", async () => {
    const server = await serve({ handler: fast(), port: 0 });
    const [silent, slow] = await silentConnections(server.port, 2);
    slow?.write("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    const texts = await Promise.all(
      [silent, slow].map(
        (socket) =>
          new Promise<string>((resolve) => {
            let text = "";
            socket?.setEncoding("latin1").on("data", (piece) => {
              text += piece;
            });
            socket?.on("close", () => resolve(text));
          }),
      ),
    );
    expect(texts).toEqual([expect.stringContaining("408"), expect.stringContaining("408")]);
  });
});

describe("close", () => {
  test("finishes a request in flight, with Connection: close, and accepts no new one", async () => {
    const { handler, arrived, release } = slowHandler();
    const server = await serve({ handler, port: 0, closeTimeoutMs: 3_600_000 });
    const agent = new Agent({ keepAlive: true });
    const running = request(`${server.url}slow`, agent);
    await arrived;
    const closed = server.close();
    await expect
      .poll(() =>
        fetch(server.url).then(
          () => "accepted",
          () => "refused",
        ),
      )
      .toBe("refused");
    release();
    expect((await running).headers.connection).toBe("close");
    await closed;
    await server.close();
  });

  test("serves requests on reused connections until it closes them, and resets none", async () => {
    const server = await serve({ handler: fast(), port: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    await Promise.all(Array.from({ length: 20 }, () => request(server.url, agent)));
    // 20 idle connections are open now, and each is used again after close() was called.
    const closed = server.close();
    const responses = await Promise.all(Array.from({ length: 20 }, () => request(server.url, agent)));
    expect(responses.map(({ headers }) => headers.connection)).toEqual(Array(20).fill("close"));
    await closed;
  });

  test("aborts a request that does not finish within the timeout", async () => {
    const { lines, logger } = recorder();
    const { handler, arrived } = slowHandler();
    const server = await serve({ handler, port: 0, closeTimeoutMs: 50, logger });
    const running = fetch(`${server.url}slow`).then(
      () => "finished",
      () => "aborted",
    );
    await arrived;
    await server.close();
    expect(await running).toBe("aborted");
    expect(lines).toEqual(["Requests that did not finish within the shutdown timeout were aborted"]);
  });

  test("does not wait for idle and silent connections", async () => {
    const server = await serve({ handler: fast(), port: 0, closeTimeoutMs: 3_600_000 });
    await request(server.url, new Agent({ keepAlive: true }));
    await silentConnections(server.port, 1);
    await server.close();
  });
});

describe("a flood of connections", () => {
  test("that send nothing closes the oldest of them and locks out no client, whatever the address", async () => {
    const { lines, logger } = recorder();
    const server = await serve({ handler: fast(), port: 0, logger });
    const open = await silentConnections(server.port, 1_000);
    expect(await (await fetch(server.url)).text()).toBe("here");
    await expect.poll(() => open.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(256);
    expect(lines).toEqual(["Connections of 127.0.0.1 are closed: 256 have sent no request"]);
  });

  test("of one address beyond its limit does not affect other addresses", async () => {
    const { lines, logger } = recorder();
    const server = await serve({ handler: fast(), port: 0, logger, maxConnectionsPerAddress: 5 });
    const open = await silentConnections(server.port, 10, "127.0.0.2");
    await expect.poll(() => open.filter(({ closed }) => !closed).length).toBe(5);
    expect(await (await fetch(server.url)).text()).toBe("here");
    expect(lines).toEqual(["Connections of 127.0.0.2 are closed: it has 5 open"]);
  });
});
