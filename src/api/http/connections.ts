import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "../../logging/types.ts";
import { addressKey, canonicalAddress } from "../../util/ip-address.ts";

/** Limits the connections of each address, and ends all of them on shutdown without resetting one in use. */
export interface Connections {
  /** Call with every request. */
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  /** From now on every response has `Connection: close`, also those of requests in flight. */
  startDraining(): void;
  /** Closes connections that have not sent a request. Node counts them as busy. */
  closeSilent(): void;
}

/**
 * Limit on connections of one address without a request head. Above it, the oldest one is closed rather than the new one
 * refused: real clients send their request immediately, so a flood of silent connections locks out no client.
 */
const MAX_SILENT = 256;
const WARN_EVERY_MS = 60_000;
/** Addresses with their own log lines in that time. */
const MAX_WARNED = 100;

interface Connection {
  readonly address: string;
  /** Of the latest request; undefined while the connection is silent. */
  response: ServerResponse | undefined;
}

interface AddressState {
  open: number;
  readonly silent: Set<Socket>;
}

/** @param options.maxPerAddress further connections of an address are refused */
export function trackConnections(
  server: Server,
  options: { readonly maxPerAddress: number; readonly logger: Logger },
): Connections {
  const { maxPerAddress, logger } = options;
  const connections = new Map<Socket, Connection>();
  const addresses = new Map<string, AddressState>();
  let closed = new Map<string, number>();
  let isDraining = false;

  const summarize = () => {
    for (const [address, count] of closed) {
      if (count > 1) {
        logger.warn(`Closed ${count} connections of ${address} in ${WARN_EVERY_MS / 1_000} s`);
      }
    }
    closed = new Map();
  };

  const onClosed = (address: string, reason: string) => {
    if (closed.size === 0) {
      setTimeout(summarize, WARN_EVERY_MS).unref();
    }
    const count = closed.get(address);
    if (count !== undefined || closed.size < MAX_WARNED) {
      closed.set(address, (count ?? 0) + 1);
    }
    if (count === undefined && closed.has(address)) {
      logger.warn(`Connections of ${address} are closed: ${reason}`);
    }
  };

  server.on("connection", (socket: Socket) => {
    const { remoteAddress = "unknown" } = socket;
    const address = addressKey(canonicalAddress(remoteAddress) ?? remoteAddress);
    const state = addresses.get(address) ?? { open: 0, silent: new Set() };
    addresses.set(address, state);
    if (state.open >= maxPerAddress) {
      onClosed(address, `it has ${maxPerAddress} open`);
      socket.destroy();
      return;
    }
    state.open += 1;
    state.silent.add(socket);
    connections.set(socket, { address, response: undefined });
    socket.once("close", () => {
      connections.delete(socket);
      state.silent.delete(socket);
      state.open -= 1;
      if (state.open === 0) {
        addresses.delete(address);
      }
    });
    if (state.silent.size > MAX_SILENT) {
      const [oldest] = state.silent;
      onClosed(address, `${MAX_SILENT} have sent no request`);
      oldest?.destroy();
    }
  });
  server.on("drop", () => onClosed("all addresses", `the server has ${server.maxConnections} open`));

  return {
    onRequest: ({ socket }, response) => {
      const connection = connections.get(socket);
      if (connection !== undefined) {
        if (connection.response === undefined) {
          addresses.get(connection.address)?.silent.delete(socket);
        }
        connection.response = response;
      }
      if (isDraining) {
        response.shouldKeepAlive = false;
      }
    },
    startDraining: () => {
      isDraining = true;
      for (const { response } of connections.values()) {
        if (response !== undefined) {
          response.shouldKeepAlive = false;
        }
      }
    },
    closeSilent: () => {
      for (const { silent } of addresses.values()) {
        for (const socket of silent) {
          socket.destroy();
        }
      }
    },
  };
}
