import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A message as it was received. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read members of many bodies
  readonly body: any;
}

/** A receiver of messages; `respond` decides the status of each. */
export async function receiver(respond: (received: Received) => number | undefined = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const message = { path: request.url ?? "", headers: request.headers, text, body: JSON.parse(text) };
      received.push(message);
      const status = respond(message);
      if (status !== undefined) {
        response.writeHead(status, { location: "/elsewhere" });
        response.end(JSON.stringify({ ok: status < 300, description: "chat not found" }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
