import { describe, expect, test } from "vitest";
import { isPictureAddress, publicLookup } from "../../../../src/api/images/fetch-picture.ts";
import { isPublicAddress } from "../../../../src/api/images/public-address.ts";

describe("an address", () => {
  test.each([
    ["127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
    ["224.0.0.1", "255.255.255.255", "198.18.0.1", "203.0.113.7", "192.0.2.1", "198.51.100.2", "240.0.0.1"],
    ["::1", "::", "fe80::1", "fd00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"],
    ["64:ff9b::7f00:1", "2001:db8::1", "2002:7f00:1::", "2001::1", "100::1", "::127.0.0.1"],
  ])("that is not public is rejected: %s and others of its kind", (...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test("that is public is accepted", () => {
    const addresses = ["47.246.23.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.0.1.1", "2400:3200::1"];
    expect(addresses.filter(isPublicAddress)).toEqual(addresses);
  });
});

/** The addresses that a name resolves to, given what the resolver returns. */
function resolved(found: readonly { address: string; family: number }[], all: boolean): Promise<unknown> {
  const resolver = ((_host: string, _options: object, callback: (...results: unknown[]) => void) =>
    callback(null, found)) as unknown as NonNullable<Parameters<typeof publicLookup>[0]>;
  return new Promise((resolve) => {
    publicLookup(resolver)("2sc2.autoimg.cn", { all }, (error, address) =>
      resolve(error === null ? address : error.message),
    );
  });
}

describe("a name", () => {
  const LOCAL = { address: "127.0.0.1", family: 4 };
  const METADATA = { address: "169.254.169.254", family: 4 };
  const PUBLIC = { address: "47.246.23.1", family: 4 };

  test("with local addresses only is rejected", async () => {
    const message = "2sc2.autoimg.cn has no public address";
    expect(await resolved([LOCAL, METADATA], true)).toBe(message);
    expect(await resolved([LOCAL], false)).toBe(message);
    expect(await resolved([], true)).toBe(message);
  });

  test("with local and public addresses is connected to at a public one", async () => {
    expect(await resolved([METADATA, PUBLIC, LOCAL], true)).toEqual([PUBLIC]);
    expect(await resolved([LOCAL, PUBLIC], false)).toBe(PUBLIC.address);
  });
});

test.each([
  "http://2sc2.autoimg.cn/a.jpg",
  "https://2sc2.autoimg.cn:8443/a.jpg",
  "https://user@2sc2.autoimg.cn/a.jpg",
  "https://autoimg.cn.example/a.jpg",
  "https://autoimg.cn/a.jpg",
  "https://notautoimg.cn/a.jpg",
  "https://127.0.0.1/a.jpg",
  "file:///etc/passwd",
])("no picture is requested from %s", (url) => {
  expect(isPictureAddress(new URL(url))).toBe(false);
});
