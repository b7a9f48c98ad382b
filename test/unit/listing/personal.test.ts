import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPersonalKey, maskPersonal } from "../../../src/listing/parse/personal/personal.ts";

describe("served text", () => {
  test.each([
    "13800000000",
    "138 0000 0000",
    "138-0000-0000",
    "138.0000.0000",
    "(138)0000-0000",
    "138，0000，0000",
    "138\u200b0000\u200b0000",
    "13 800 000 000",
    "138 00 00 00 00",
    "1 3 8 0 0 0 0 0 0 0 0",
    "1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣",
    "１３８００００００００",
    "一三八零零零零零零零零",
    "幺三八〇〇〇〇〇〇〇〇",
    "+86 138 0000 0000",
    "8613800000000",
    "1380 000 0000 1390 000 0000",
    "010-12345678",
    "0531-8888888",
    "(0531) 88888888",
    "01012345678",
    "400-123-4567",
    "4001234567",
    "４００－１２３－４５６７",
    "+7 999 123-45-67",
  ])("the telephone %s is masked", (phone) => {
    for (const text of [phone, `一手车,电话${phone},可看车`, `tel:${phone} 98000元`]) {
      expect(maskPersonal(text)).not.toMatch(/(?!98000元)(?<!\d)[\d一二三四五六七八九零〇０-９]{3}/u);
    }
  });

  test.each([
    "微信abc_12345",
    "微信：zhangsan",
    "微信号是：abc_12345",
    "微 信 abc-12345",
    "微信👉abc_12345",
    "薇信 abc12345",
    "VX:abc12345",
    "vx abc_12345",
    "ＷＸ：abc12345",
    "wx zhangsanfeng",
    "v信abc123",
    "V❤abc12345",
    "weixin:abc123",
    "WeChat: abc123",
    "加V：abc12345",
    "QQ:123456789",
    "QQ 12345",
    "加Q12345678",
    "qq１２３４５６",
    "扣扣123456",
    "zhang.san-88@mail.example.org",
    "abc＠qq．com",
    "https://evil.example/x?y=1",
    "https://www.che168.com@evil.example/",
    "www.evil.com/path",
    "t.me/zhangsan",
    "京A12345",
    "粤B·8X88Q",
    "沪AD12345",
    "粤Z1234港",
    "110101199003071234",
    "110101 19900307 1234",
    "138/1234/5678",
    "138O1234567",
    "⒈⒊⒏⒈⒉⒊⒋⒌⒍⒎⒏",
    "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
    "8 (999) 123-45-67",
    "4006-123-456",
    "微❤ zhang123",
    "微x: abc123456",
    "溦信:abc12345",
    "wei信: abc123",
    "v-x: abc12345",
    "ⅴⅹ：abc12345",
    "+v zhang8888",
    "企鹅 12345678",
    "抖音号：zhangsan888",
    "telegram: @zhangsan",
    "zhangsan(at)qq.com",
    "abc@163。com",
    "WJ京12345",
    "浙江A12345",
    "使123456",
    "使 123-456",
    "138****5678",
    "138-xxxx-5678",
    "ωx：abc12345",
    "飞机 @abc",
    "公众号：某某二手车",
    "zhang_8888微信",
    "zhang_8888的wechat",
    "王先生",
    "李经理",
    "欧阳女士",
    "г-н Ван",
    "Mr. Wang",
  ])("%s is masked in any position", (secret) => {
    for (const text of [secret, `车况精品 ${secret} 可看车`, `车况精品，${secret}，可看车`]) {
      expect(maskPersonal(text)).toBe(text.replace(secret, "***"));
    }
  });

  test.each([
    "宝马1系 2022款 125i M运动套装",
    "Chery QQ3 2012 Стандарт 1.0L МКПП",
    "奇瑞QQ 2012款 10000公里 98000元",
    "星途VX 2021款 400T 五座探索版",
    "兰德酷路泽 VX-R 4.0L VX Limited VX NAVI",
    "全新A4L2023款",
    "加V6发动机，支持微信支付",
    "昭通, 威信",
    "B58B30微信看车",
    "江苏A6L40, 北京X7 xDrive, 河南D2023款",
    "行使123456公里",
    "标价1500****",
    "憨豆先生特别版",
    "1.5T+VVT2-i, R-Line: Comfort",
    "DVD/4000/1500, 4850*1850*1680",
    "2.0L 60马力 L4, 3.0i O2 l3",
    "smart精灵#1 Pro版",
    "售价13.88万元，里程15000公里，2019年05月上牌",
    "1,280,000 ¥, 56 000 км, 3 года или 60000 км",
    "价格 158000 2019-08-12",
    "15800 2019-08",
    "15000-160000元",
    "排量1598 110 1750-4500",
    "4462*1803*1446, 155/65 R13, 7座（2/2/3）",
    "2019-05-12 13:00:00",
    "LGWECMA47LE008164",
    "1HGCM82633A004352",
    "https://www.che168.com/dealer/451591/50837332.html",
    "Shanghai Luxury Car Store: 166 detailed inspections...",
    "杜绝重大事故泡水火烧车...",
  ])("%s is unchanged", (text) => {
    expect(maskPersonal(text)).toBe(text);
  });

  test("two adjacent secrets are both masked", () => {
    expect(maskPersonal("京A12345vx13800000000")).toMatch(/^(?:\*\*\*)+$/);
    expect(maskPersonal("WJ京12345WeiXin abc888")).toMatch(/^(?:\*\*\*)+$/);
  });

  test("a name is masked after its label, a plate after the word for it", () => {
    expect(maskPersonal("联系人：张三丰，看车方便")).toBe("联系人：***，看车方便");
    expect(maskPersonal("Контактное лицо: Иван Петров")).toBe("Контактное лицо: ***");
    expect(maskPersonal("车牌号：A12345")).toBe("车牌号：***");
    expect(maskPersonal("加我zhang8888微信")).toBe("加我***");
  });

  test("letters before a telephone number do not make it a VIN", () => {
    expect(maskPersonal("AAAAAA13800000000")).toBe("AAAAAA***");
  });

  test("no mobile number of eleven digits remains in any text", () => {
    const gap = fc.constantFrom("", "", " ", "-");
    const phone = fc
      .tuple(fc.constantFrom("13", "15", "18", "19"), fc.stringMatching(/^\d{9}$/), gap)
      .map(
        ([head, tail, sign]) => `${head}${tail.slice(0, 1)}${sign}${tail.slice(1, 5)}${sign}${tail.slice(5)}`,
      );
    const words = fc.constantFrom("电话", "，", "价格98000元 ", "vx", "abc", "。", "*", "微信", "!");
    fc.assert(
      fc.property(fc.array(fc.oneof(words, phone), { maxLength: 8 }), (parts) => {
        const text = parts.join("，");
        expect(maskPersonal(text)).not.toMatch(/(?<!\d)1[3-9](?:[ -]?\d){9}(?!\d)/);
      }),
    );
  });

  test("masking is idempotent, and only replaces text by the mask", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const masked = maskPersonal(text);
        expect(maskPersonal(masked)).toBe(masked);
        let rest = text;
        for (const part of masked.split("***")) {
          expect(rest).toContain(part);
          rest = rest.slice(rest.indexOf(part) + part.length);
        }
      }),
    );
  });

  // A backtracking pattern would take hours on these.
  test.each([
    "1",
    "1 3 8 0 ",
    "a.",
    "a@",
    "@",
    "微信",
    "微信a",
    "vx ",
    "加va",
    "http://",
    "QQ1",
    "京A1",
    "010-",
    "电话1 ",
    "400-",
  ])("two million characters of %j are masked", (piece) => {
    expect(maskPersonal(piece.repeat(2_000_000 / piece.length)).length).toBeGreaterThan(0);
  });
});

test("keys of personal data are recognised in any case and inside longer keys", () => {
  const personal = [
    "phone",
    "sellerPhone",
    "TEL",
    "link_mobile",
    "contactName",
    "linkman",
    "seller_name",
    "sellerName",
  ];
  personal.push(
    "username",
    "WeChat",
    "weixin",
    "qq",
    "Email",
    "idCard",
    "licence",
    "plateNo",
    "license_plate",
    "车牌号",
  );
  personal.push("联系电话", "手机", "联系人");
  expect(personal.filter((key) => !isPersonalKey(key))).toEqual([]);
  expect(
    ["mark", "price", "title", "optionname", "specid", "过户次数", "车型名称"].filter(isPersonalKey),
  ).toEqual([]);
});
