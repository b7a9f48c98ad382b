/** Units by `unitKey` of `numbers.ts`, with the factor that converts to the field's unit. */
export type Units = Readonly<Record<string, number>>;

const TEN_THOUSAND = 10_000;

export const DISTANCE_UNITS: Units = {
  km: 1,
  км: 1,
  公里: 1,
  千米: 1,
  тыскм: 1000,
  тыс: 1000,
  тысячкм: 1000,
  тысячи: 1000,
  千公里: 1000,
  k: 1000,
  kkm: 1000,
  k公里: 1000,
  к: 1000,
  ккм: 1000,
  ткм: 1000,
  thousandkm: 1000,
  тысяч: 1000,
  тысячкилометров: 1000,
  kms: 1,
  kilometers: 1,
  kilometres: 1,
  километр: 1,
  километра: 1,
  километров: 1,
  万: TEN_THOUSAND,
  万公里: TEN_THOUSAND,
  万千米: TEN_THOUSAND,
  万km: TEN_THOUSAND,
  万км: TEN_THOUSAND,
  w: TEN_THOUSAND,
  wkm: TEN_THOUSAND,
  w公里: TEN_THOUSAND,
};
export const MONEY_UNITS: Units = {
  元: 1,
  圆: 1,
  块: 1,
  人民币: 1,
  cny: 1,
  rmb: 1,
  yuan: 1,
  юань: 1,
  юаней: 1,
  юаня: 1,
  тысюань: 1000,
  тысюаней: 1000,
  "¥": 1,
  万: TEN_THOUSAND,
  万元: TEN_THOUSAND,
  万块: TEN_THOUSAND,
  万人民币: TEN_THOUSAND,
  w: TEN_THOUSAND,
};
/** All are metric horsepower. */
export const HORSEPOWER_UNITS: Units = { лс: 1, hp: 1, ps: 1, cv: 1, 马力: 1, 匹: 1, 匹马力: 1 };
export const KILOWATT_UNITS: Units = { kw: 1, квт: 1, 千瓦: 1 };
export const LITRE_UNITS: Units = {
  l: 1,
  л: 1,
  升: 1,
  liter: 1,
  liters: 1,
  litre: 1,
  litres: 1,
  литр: 1,
  литра: 1,
  литров: 1,
};
export const CONSUMPTION_UNITS: Units = {
  ...LITRE_UNITS,
  "l/100km": 1,
  "л/100км": 1,
  "l/100公里": 1,
  "升/100公里": 1,
};
export const MILLILITRE_UNITS: Units = { ml: 1, мл: 1, 毫升: 1, cc: 1, кубсм: 1 };
export const MILLIMETRE_UNITS: Units = { mm: 1, мм: 1, 毫米: 1 };
export const KILOGRAM_UNITS: Units = { kg: 1, кг: 1, 公斤: 1, 千克: 1 };
export const KILOWATT_HOUR_UNITS: Units = { kwh: 1, квтч: 1, 千瓦时: 1, 度: 1 };
export const NEWTON_METRE_UNITS: Units = { nm: 1, нм: 1, 牛米: 1, 牛顿米: 1 };
export const SPEED_UNITS: Units = { "km/h": 1, "км/ч": 1, kmh: 1, "公里/小时": 1 };
export const SECOND_UNITS: Units = { s: 1, с: 1, сек: 1, 秒: 1 };
export const YEAR_UNITS: Units = { 年: 1, 年款: 1, 款: 1, г: 1, гв: 1, год: 1, года: 1 };
