import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressKey, canonicalAddress } from "../../../src/util/ip-address.ts";

describe("an address", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    [" 203.0.113.7 ", "203.0.113.7"],
    ["203.0.113.8:4001", "203.0.113.8"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["::FFFF:cb00:7107", "203.0.113.7"],
    ["[::ffff:203.0.113.7]:4001", "203.0.113.7"],
    ["[2001:DB8::1]:443", "2001:db8:0:0:0:0:0:1"],
    ['"[2001:db8::1]"', "2001:db8:0:0:0:0:0:1"],
    ["2001:0db8::0001", "2001:db8:0:0:0:0:0:1"],
    ["fe80::1%eth0", "fe80:0:0:0:0:0:0:1"],
    ["64:ff9b::203.0.113.7", "64:ff9b:0:0:0:0:cb00:7107"],
    ["::", "0:0:0:0:0:0:0:0"],
    ["unknown", undefined],
    ["_hidden", undefined],
    ["203.0.113.256", undefined],
    ["2001:db8::1:443:", undefined],
    ["", undefined],
  ])("%j is read as %j", (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });

  test("has one spelling, which is read as itself", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const canonical = canonicalAddress(address);
        expect(canonical).toBeDefined();
        expect(canonicalAddress(canonical ?? "")).toBe(canonical);
        if (canonical !== undefined && isIPv6(canonical)) {
          expect(new URL(`http://[${canonical}]/`).hostname).toBe(new URL(`http://[${address}]/`).hostname);
        }
      }),
    );
  });

  test.each([
    ["10.1.2.3", "10.1.2.3"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("%s is limited as %s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
