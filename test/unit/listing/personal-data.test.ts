import { describe, expect, test } from "vitest";
import { normalizeListing } from "../../../src/listing/index.ts";
import { listing, normalize, now } from "../../support/listing/listings.ts";

describe("personal data", () => {
  const personal = ["13800000000", "13900000001", "abc_12345", "王先生", "someone@example.com"];
  const data = {
    inner_id: "9",
    title: "宝马3系 2020款 320i 电话13800000000",
    mark: "BMW 13800000000",
    model: "联系13800000000",
    description: "一手车,电话13800000000,微信abc_12345,邮箱someone@example.com,可看车",
    color: "请拨打13800000000",
    address: "济南, 13800000000",
    year: "13800000000",
    price: "电话13800000000",
    salon_id: "13800000000",
    vin: "13800000000",
    url: "https://evil.example/?tel=13800000000",
    images: ["https://evil.example/13800000000.jpg"],
    seller_name: "王先生",
    phone: "13900000001",
    configuration: "125i 13800000000",
    extra: {
      contact: { linkman: "王先生", tel: "13900000001" },
      inspection: {
        phone: "13800000000",
        linkman: "王先生",
        cards: [{ title: "过户次数", value: "王先生" }],
      },
      option: { displayopts: [{ optionname: "电话13800000000" }] },
      configuration: {
        paramtypeitems: [
          {
            paramitems: [
              { name: "厂商", value: "电话13800000000" },
              { name: "车身结构", value: "5门5座13800000000" },
            ],
          },
        ],
      },
    },
  };

  test("is nowhere in the listing, whatever its source field", () => {
    const text = JSON.stringify(normalize(data).listing);
    for (const one of personal) {
      expect(text).not.toContain(one);
    }
  });

  test("is nowhere in the issues, even when a long text is cut within a number", () => {
    for (let length = 900; length < 1010; length++) {
      const long = {
        color: `${"车".repeat(length)}13800000000`,
        year: `${"x".repeat(length)} 138 0000 0000`,
      };
      expect(JSON.stringify(normalize(long))).not.toMatch(/138[ ]?0000/);
    }
    const text = JSON.stringify(normalize(data).issues);
    for (const one of personal) {
      expect(text).not.toContain(one);
    }
  });

  test("the VIN is served unless serveVin is false; a masked one has a separate field", () => {
    const vin = "LGWECMA47LE008164";
    expect(listing({ vin }).vin).toBe(vin);
    expect(normalizeListing({ vin }, { now, serveVin: false }).listing.vin).toBeNull();
    expect(listing({ vin: "LHGCV2650XXXXXXX" })).toMatchObject({ vin: null, vin_masked: "LHGCV2650XXXXXXX" });
    const hidden = normalizeListing({ vin: "LHGCV2650XXXXXXX" }, { now, serveVin: false });
    expect(JSON.stringify(hidden)).not.toContain("LHGCV2650");
  });
});
