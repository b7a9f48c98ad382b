import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { PublicEvent } from "../../../src/events/index.ts";

/** A secret for tests. */
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const KEY = Buffer.from(SECRET.slice("whsec_".length), "base64");

/** A request to a receiver. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingMessage["headers"];
  readonly events: readonly PublicEvent[];
  readonly skippedTo: number | undefined;
  readonly isSigned: boolean;
}

/** How a receiver responds: a status, nothing at all, or a closed connection. */
export type Behaviour = number | "hang" | "close" | ((received: Received) => number | "hang" | "close");

/** A receiver of webhooks. */
export interface Receiver {
  readonly url: string;
  /** Every request, in order. */
  readonly received: Received[];
  /** Ids of the events of accepted requests, in order. */
  readonly accepted: number[];
  /** Greatest number of requests at the same time. */
  maxInFlight(): number;
  behave(behaviour: Behaviour): void;
}

export async function startReceiver(initial: Behaviour = 204): Promise<Receiver> {
  let behaviour = initial;
  let inFlight = 0;
  let most = 0;
  const received: Received[] = [];
  const accepted: number[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const { headers } = request;
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const expected = `v1,${createHmac("sha256", KEY).update(signed).digest("base64")}`;
    const { data } = JSON.parse(body);
    const one: Received = {
      id: String(headers["webhook-id"]),
      headers,
      events: data.events,
      skippedTo: data.skipped_to,
      isSigned: headers["webhook-signature"] === expected,
    };
    received.push(one);
    const outcome = typeof behaviour === "function" ? behaviour(one) : behaviour;
    if (outcome === "close") {
      request.socket.destroy();
    } else if (outcome !== "hang") {
      if (outcome < 300) {
        accepted.push(...one.events.map(({ id }) => id));
      }
      response.writeHead(outcome, outcome >= 300 && outcome < 400 ? { location: "/elsewhere" } : {}).end();
    }
  };
  const server = createServer((request, response) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    response.once("close", () => {
      inFlight -= 1;
    });
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => handle(request, response, Buffer.concat(parts).toString()));
    request.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    accepted,
    maxInFlight: () => most,
    behave: (next) => {
      behaviour = next;
    },
  };
}
