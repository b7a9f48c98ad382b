import { isIP } from "node:net";
import type { H3Event } from "h3";

/** Headers by which a proxy says that it passes on someone else's request. */
const FORWARDING = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "via",
];

/** Reads one header of a request; several of one name are joined by commas, null when there is none. */
export type HeaderReader = (name: string) => string | null;

/** @param event on Node its own object is read, which costs a tenth of the `Headers` made of it */
export function headerReader({ req, runtime }: H3Event): HeaderReader {
  const native = runtime?.node?.req.headers;
  if (native === undefined) {
    return (name) => req.headers.get(name);
  }
  return (name) => {
    const value = native[name];
    return typeof value === "string" ? value : value === undefined ? null : value.join(", ");
  };
}

/** Who is at the other end of the connection; undefined when the runtime does not tell. */
function socketAddress(event: H3Event): string | undefined {
  const address = event.runtime?.node?.req.socket?.remoteAddress;
  return address?.startsWith("::ffff:") ? address.slice(7) : address;
}

/**
 * The address that failures are counted by. `X-Forwarded-For` is only read when the configuration says how many proxies
 * of ours stand in front: the entry that the outermost of them wrote, not those that a client can write itself.
 */
export function clientAddress(event: H3Event, header: HeaderReader, trustedProxies: number): string {
  const direct = socketAddress(event) ?? "unknown";
  if (trustedProxies === 0) {
    return direct;
  }
  const hops = (header("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  const claimed = hops.at(-trustedProxies) ?? "";
  return isIP(claimed) === 0 ? direct : claimed;
}

/** An address as a key: of IPv6 the network, since everyone has a whole one to himself. */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) {
    return address;
  }
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - behind.length);
  return `${[...groups, ...Array<string>(missing).fill("0"), ...behind].slice(0, 4).join(":")}::/64`;
}

/** Whether the request was made on this machine, and not passed on by a proxy that runs on it. */
export function isLocal(event: H3Event, header: HeaderReader): boolean {
  const address = socketAddress(event);
  const loopback = address === "::1" || (address?.startsWith("127.") ?? false);
  return loopback && FORWARDING.every((name) => header(name) === null);
}
