import { BlockList, isIPv4 } from "node:net";

/** IPv4 networks outside of the public internet (IANA special-purpose address registry). */
const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];
/** The only part of IPv6 with public addresses. It excludes loopback, link-local and unique local, and mapped IPv4. */
const GLOBAL_IPV6 = ["2000::", 3] as const;
/** Parts of {@link GLOBAL_IPV6} that are not public, or that contain an IPv4 address. */
const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) {
  special.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of SPECIAL_IPV6) {
  special.addSubnet(network, prefix, "ipv6");
}
const global = new BlockList();
global.addSubnet(...GLOBAL_IPV6, "ipv6");

/** Whether an IP address belongs to a public host: not to this machine, a local network, or a metadata service. Pure. */
export function isPublicAddress(address: string): boolean {
  return isIPv4(address)
    ? !special.check(address, "ipv4")
    : global.check(address, "ipv6") && !special.check(address, "ipv6");
}
