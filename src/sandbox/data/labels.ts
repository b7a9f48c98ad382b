/** One term in the specification (zh) and in Russian and English accounts. */
export interface Label {
  readonly zh: string;
  readonly ru: string;
  readonly en: string;
}

export const energies = {
  gasoline: { zh: "汽油", ru: "Бензиновый", en: "Gasoline" },
  diesel: { zh: "柴油", ru: "Дизельный", en: "Diesel" },
  mildHybrid: {
    zh: "汽油+48V轻混系统",
    ru: "Бензиновый + 48V mild hybrid",
    en: "Gasoline + 48V Mild Hybrid",
  },
  hybrid: { zh: "油电混合", ru: "Гибридный (HEV)", en: "Hybrid" },
  plugIn: { zh: "插电式混合动力", ru: "Подключаемый гибрид (PHEV)", en: "Plug-in Hybrid" },
  rangeExtender: { zh: "增程式", ru: "Расширитель диапазона (REEV)", en: "Range Extender" },
  electric: { zh: "纯电动", ru: "Электрический (BEV)", en: "Electric" },
} as const satisfies Record<string, Label>;

/** Accounts have only these two gearboxes. */
export const accountGearboxes = {
  manual: { zh: "手动", ru: "Механическая", en: "Manual" },
  automatic: { zh: "自动", ru: "Автоматическая", en: "Automatic" },
} as const satisfies Record<string, Label>;

/** Gearbox codes: short name and type in the specification, the number of gears there, the Russian words. */
export const gearboxes: Record<string, { name: string; type: string; gears: string; ru: string }> = {
  MT5: { name: "5挡手动", type: "手动变速箱(MT)", gears: "5", ru: "механическая (МКПП)" },
  MT6: { name: "6挡手动", type: "手动变速箱(MT)", gears: "6", ru: "механическая (МКПП)" },
  AT4: { name: "4挡自动", type: "自动变速箱(AT)", gears: "4", ru: "автомат" },
  AT5: { name: "5挡自动", type: "自动变速箱(AT)", gears: "5", ru: "автомат" },
  AT6: { name: "6挡手自一体", type: "手自一体变速箱(AT)", gears: "6", ru: "автомат" },
  AT7: { name: "7挡手自一体", type: "手自一体变速箱(AT)", gears: "7", ru: "автомат" },
  AT8: { name: "8挡手自一体", type: "手自一体变速箱(AT)", gears: "8", ru: "автомат" },
  AT9: { name: "9挡手自一体", type: "手自一体变速箱(AT)", gears: "9", ru: "автомат" },
  AT10: { name: "10挡手自一体", type: "手自一体变速箱(AT)", gears: "10", ru: "автомат" },
  DCT6W: { name: "6挡湿式双离合", type: "湿式双离合变速箱(DCT)", gears: "6", ru: "робот" },
  DCT7W: { name: "7挡湿式双离合", type: "湿式双离合变速箱(DCT)", gears: "7", ru: "робот" },
  DCT7D: { name: "7挡干式双离合", type: "干式双离合变速箱(DCT)", gears: "7", ru: "робот" },
  DCT8W: { name: "8挡湿式双离合", type: "湿式双离合变速箱(DCT)", gears: "8", ru: "робот" },
  CVT: { name: "CVT无级变速", type: "无级变速箱(CVT)", gears: "无级变速", ru: "вариатор" },
  CVT7: { name: "CVT无级变速(模拟7挡)", type: "无级变速箱(CVT)", gears: "无级变速", ru: "вариатор" },
  CVT8: { name: "CVT无级变速(模拟8挡)", type: "无级变速箱(CVT)", gears: "无级变速", ru: "вариатор" },
  CVT10: { name: "CVT无级变速(模拟10挡)", type: "无级变速箱(CVT)", gears: "无级变速", ru: "вариатор" },
  ECVT: { name: "E-CVT无级变速", type: "电子无级变速箱(E-CVT)", gears: "无级变速", ru: "E-CVT" },
  DHT1: { name: "1挡DHT", type: "混合动力专用变速箱(DHT)", gears: "1", ru: "DHT" },
  DHT2: { name: "2挡DHT", type: "混合动力专用变速箱(DHT)", gears: "2", ru: "DHT" },
  DHT3: { name: "3挡DHT", type: "混合动力专用变速箱(DHT)", gears: "3", ru: "DHT" },
  EV1: { name: "电动车单速变速箱", type: "固定齿比变速箱", gears: "1", ru: "редуктор" },
  EV2: { name: "电动车两挡变速箱", type: "电动车两挡变速箱", gears: "2", ru: "редуктор" },
};

/** Drive codes; `four` is the row 四驱形式 of the specification. */
export const drives: Record<string, Label & { four?: string }> = {
  FF: { zh: "前置前驱", ru: "Передний привод", en: "FWD" },
  FR: { zh: "前置后驱", ru: "Задний привод", en: "RWD" },
  RR: { zh: "后置后驱", ru: "Задний привод", en: "RWD (rear-engine)" },
  MR: { zh: "中置后驱", ru: "Задний привод (средний мотор)", en: "RWD (mid-engine)" },
  F4: { zh: "前置四驱", ru: "Полный привод", en: "AWD", four: "适时四驱" },
  E4: { zh: "双电机四驱", ru: "Полный привод (2 мотора)", en: "AWD (dual-motor)", four: "电动四驱" },
};

/** By the ending of the body structure; longer endings first. */
export const bodies: readonly (Label & { ending: string })[] = [
  { ending: "软顶敞篷车", zh: "软顶敞篷车", ru: "Купе/родстер", en: "Coupe/Roadster" },
  { ending: "硬顶敞篷车", zh: "硬顶敞篷车", ru: "Купе/родстер", en: "Coupe/Roadster" },
  { ending: "硬顶跑车", zh: "硬顶跑车", ru: "Купе/родстер", en: "Sports Car" },
  { ending: "三厢车", zh: "三厢车", ru: "Седан", en: "Sedan" },
  { ending: "两厢车", zh: "两厢车", ru: "Хэтчбек", en: "Hatchback" },
  { ending: "掀背车", zh: "掀背车", ru: "Седан/хэтчбек", en: "Sedan/Hatchback" },
  { ending: "皮卡", zh: "皮卡", ru: "Пикап", en: "Pickup" },
  { ending: "微面", zh: "微面", ru: "Микроавтобус", en: "Microvan" },
  { ending: "轻客", zh: "轻客", ru: "Лёгкий автобус", en: "Light bus" },
  { ending: "货车", zh: "货车", ru: "Легкий грузовик", en: "Light Truck" },
  { ending: "MPV", zh: "MPV", ru: "Минивэн", en: "Minivan" },
  { ending: "SUV", zh: "SUV", ru: "Кроссовер/внедорожник", en: "Crossover/SUV" },
];

/** Colours with their share of listings. */
export const colors: readonly (Label & { share: number })[] = [
  { zh: "白色", ru: "Белый", en: "White", share: 38 },
  { zh: "黑色", ru: "Черный", en: "Black", share: 22 },
  { zh: "深灰色", ru: "Темно-серый", en: "Dark Gray", share: 10 },
  { zh: "银灰色", ru: "Серебристо-серый", en: "Silver", share: 8 },
  { zh: "红色", ru: "Красный", en: "Red", share: 6 },
  { zh: "蓝色", ru: "Синий", en: "Blue", share: 6 },
  { zh: "棕色", ru: "Коричневый", en: "Brown", share: 3 },
  { zh: "香槟色", ru: "Шампань", en: "Champagne", share: 2 },
  { zh: "绿色", ru: "Зеленый", en: "Green", share: 2 },
  { zh: "橙色", ru: "Оранжевый", en: "Orange", share: 1 },
  { zh: "黄色", ru: "Желтый", en: "Yellow", share: 1 },
  { zh: "紫色", ru: "Фиолетовый", en: "Purple", share: 0.5 },
  { zh: "其他", ru: "Другой", en: "Other", share: 0.5 },
];

/** Terms of the Russian specification: rows «Класс» and «Тип топлива». */
export const russianClasses: Record<string, string> = {
  微型车: "микромобиль",
  小型车: "малый класс",
  紧凑型车: "компактный класс",
  中型车: "средний класс",
  中大型车: "бизнес-класс",
  大型车: "представительский",
  小型SUV: "малый SUV",
  紧凑型SUV: "Компактный SUV",
  中型SUV: "Среднеразмерный SUV",
  中大型SUV: "Большой кроссовер",
  大型SUV: "полноразмерный SUV",
  紧凑型MPV: "компактный MPV",
  中型MPV: "Средний минивэн",
  中大型MPV: "Большой минивэн",
  大型MPV: "Полноразмерный минивэн",
  跑车: "спорткар",
  中型皮卡: "пикап",
  微面: "микровэн",
  微卡: "микрогрузовик",
  轻客: "легкий автобус",
};
