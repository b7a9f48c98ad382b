import { isIP, isIPv4, isIPv6 } from "node:net";

/** The eight groups of an IPv6 address, as numbers. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hexadecimal =
    dotted === null
      ? address
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [head = [], tail] = hexadecimal
    .split("::")
    .map((half) => (half === "" ? [] : half.split(":").map((group) => Number.parseInt(group, 16))));
  return tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail];
}

/**
 * One spelling for each address, without port, brackets and zone: `203.0.113.7` for `::ffff:203.0.113.7` and
 * `203.0.113.7:4001`, `2001:db8:0:0:0:0:0:1` for `[2001:DB8::1]:443`. Undefined for anything else.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) {
    return text;
  }
  const bare = text.trim().replace(/^"(.*)"$/, "$1");
  const host =
    /^\[([^\]]*)\](?::\d+)?$/.exec(bare)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(bare)?.[1] ?? bare;
  if (isIPv4(host)) {
    return host;
  }
  if (!isIPv6(host)) {
    return undefined;
  }
  const groups = groupsOf(host.replace(/%.*$/, ""));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return groups.map((group) => group.toString(16)).join(":");
}

/**
 * The entry of `X-Forwarded-For` that the outermost trusted proxy wrote; entries before it come from the client and prove
 * nothing. Undefined when the header is shorter, or the entry is not an address.
 */
export function forwardedAddress(header: string | null, trustedProxies: number): string | undefined {
  return trustedProxies === 0
    ? undefined
    : canonicalAddress((header ?? "").split(",").at(-trustedProxies) ?? "");
}

/** Key of an address for limits: for IPv6 its /64, the network of one subscriber. */
export function addressKey(address: string): string {
  return isIP(address) === 6
    ? `${groupsOf(address)
        .slice(0, 4)
        .map((group) => group.toString(16))
        .join(":")}::/64`
    : address;
}
