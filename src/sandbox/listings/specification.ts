import { drives, energies, gearboxes } from "../data/labels.ts";
import {
  emissionStandard,
  engineText,
  equipmentLevel,
  kwOf,
  litres,
  performance,
  psOf,
  systemPower,
} from "./car-facts.ts";
import type { Car } from "./cars.ts";
import { equipmentGroups, type SpecificationFact } from "./equipment-rows.ts";

/** One row of a specification table, as the service writes it; not every row has an id. */
export interface SpecificationRow {
  readonly id?: number | string;
  readonly name: string;
  readonly value: string;
}

export interface SpecificationGroup {
  readonly name: string;
  readonly paramitems: readonly SpecificationRow[];
}

/** `extra.configuration` of a listing. */
export interface Specification {
  readonly specid: number;
  readonly paramtypeitems: readonly SpecificationGroup[];
}

const ASPIRATION = { N: "自然吸气", T: "涡轮增压", TT: "双涡轮增压", S: "机械增压" };

const suspension = (car: Car) =>
  car.msrp > 180_000 || car.size[0] > 4_850 ? "多连杆式独立悬架" : "扭力梁式非独立悬架";

function basics(car: Car): SpecificationFact[] {
  const { kind, engine, motor, battery } = car.powertrain;
  const { topSpeed, seconds, consumption } = performance(car);
  const electric = kind === "electric";
  const cycle = car.year >= 2021 ? "CLTC" : "NEDC";
  const single = electric ? motor?.kw : motor ? undefined : kwOf(engine?.hp ?? 0);
  return [
    ["车型名称", car.title, 93],
    ["厂商", car.maker],
    ["级别", car.carClass],
    ["能源类型", energies[kind].zh, 90],
    ["环保标准", emissionStandard(car)],
    ["上市时间", `${car.year - (car.index % 2)}.${String((car.index % 11) + 1).padStart(2, "0")}`],
    ["厂商指导价(元)", `${(car.msrp / 10_000).toFixed(2)}万`],
    ["最大功率(kW)", single ?? "-"],
    ["最大扭矩(N·m)", electric ? (motor?.nm ?? "-") : motor ? "-" : (engine?.nm ?? "-")],
    ["发动机", engineText(car), 101],
    ["变速箱", gearboxes[car.gearbox]?.name ?? "-", 108],
    ["长*宽*高(mm)", car.size.join("*"), 92],
    ["车身结构", car.structure, 115],
    ["最高车速(km/h)", topSpeed],
    ["官方0-100km/h加速(s)", car.index % 4 === 0 ? "-" : seconds],
    ["实测0-100km/h加速(s)", "-"],
    ["实测100-0km/h制动(m)", "-"],
    ...(electric ? [] : [[`${car.year >= 2021 ? "WLTC" : "NEDC"}综合油耗(L/100km)`, consumption] as const]),
    ...(battery ? [[`${cycle}纯电续航里程(km)`, battery.km] as const] : []),
    ["整车质保", car.msrp > 200_000 ? "三年不限公里" : "三年或10万公里"],
    ["首任车主质保政策", kind === "plugIn" || electric ? "不限年限/里程" : "-"],
    ["最大满载质量(kg)", car.weight + car.seats * 75 + 60],
  ];
}

function body(car: Car): SpecificationFact[] {
  const [length, width, height] = car.size;
  const tank = Math.round(car.weight / 28);
  return [
    ["长度(mm)", length],
    ["宽度(mm)", width],
    ["高度(mm)", height],
    ["轴距(mm)", car.wheelbase],
    ["前轮距(mm)", Math.round(width * 0.852)],
    ["后轮距(mm)", Math.round(width * 0.855)],
    ["满载最小离地间隙(mm)", 110 + (car.index % 9) * 10],
    ["接近角(°)", 14 + (car.index % 12)],
    ["离去角(°)", 16 + (car.index % 13)],
    ["车身结构", car.structure.replace(/^\d门\d座/, "")],
    ["车门开启方式", car.structure.endsWith("微面") ? "侧滑门" : "平开门"],
    ["车门数(个)", car.doors],
    ["座位数(个)", car.seats],
    ...(car.powertrain.engine ? [["油箱容积(L)", tank] as const] : []),
    [
      "后备厢容积(L)",
      car.carClass.endsWith("SUV") ? `${380 + (car.index % 20) * 9}-1350` : 260 + (length % 240),
    ],
    ["风阻系数(Cd)", car.index % 3 === 0 ? "-" : `0.${26 + (car.index % 9)}`],
    ["整备质量(kg)", car.weight],
  ];
}

function engineRows(car: Car): SpecificationFact[] {
  const { engine, kind } = car.powertrain;
  if (!engine) {
    return [];
  }
  const bore = Math.cbrt((engine.cc * 1000) / engine.cylinders / Math.PI) * Math.cbrt(4);
  const across = ["FF", "F4", "E4"].includes(car.drive) && engine.layout === "L" && engine.cylinders < 6;
  return [
    ["发动机型号", engine.code, 58],
    ["排量(mL)", engine.cc],
    ["排量(L)", litres(engine)],
    ["进气形式", ASPIRATION[engine.aspiration]],
    ["发动机布局", across ? "横置" : "纵置"],
    ["气缸排列形式", engine.layout],
    ["气缸数(个)", engine.cylinders],
    ["每缸气门数(个)", 4],
    ["压缩比", (engine.octane === 0 ? 16 : engine.aspiration === "N" ? 11 : 10) + (engine.cc % 5) / 10],
    ["配气机构", "DOHC"],
    ["缸径(mm)", bore.toFixed(1)],
    ["行程(mm)", bore.toFixed(1)],
    ["最大马力(Ps)", engine.hp],
    ["最大功率(kW)", kwOf(engine.hp)],
    ["最大功率转速(rpm)", engine.octane === 0 ? 3600 : 5000 + (engine.cc % 12) * 100],
    ["最大扭矩(N·m)", engine.nm],
    ["最大扭矩转速(rpm)", engine.aspiration === "N" ? 4000 + (engine.cc % 8) * 100 : "1500-4000"],
    ["发动机特有技术", car.index % 3 === 0 ? "可变气门正时系统" : "-"],
    ["燃料形式", kind === "mildHybrid" ? "汽油+48V轻混系统" : energies[kind].zh, 20],
    ["燃油标号", engine.octane === 0 ? "0号" : `${engine.octane}号`],
    ["供油方式", engine.aspiration === "N" && car.msrp < 120_000 ? "多点电喷" : "直喷"],
    ["缸盖材料", "铝合金", 23],
    ["缸体材料", engine.cc % 4 === 0 ? "铸铁" : "铝合金", 24],
    ["环保标准", emissionStandard(car)],
  ];
}

function motorRows(car: Car): SpecificationFact[] {
  const { motor, kind } = car.powertrain;
  if (!motor) {
    return [];
  }
  const two = car.drive === "E4";
  const system = systemPower(car);
  return [
    ["电机类型", "永磁/同步"],
    ["电动机总功率(kW)", motor.kw],
    ["电动机总马力(Ps)", psOf(motor.kw)],
    ["电动机总扭矩(N·m)", motor.nm],
    ["驱动电机数", two ? "双电机" : "单电机"],
    ["电机布局", two ? "前置+后置" : car.drive.startsWith("F") ? "前置" : "后置"],
    ...(kind === "electric"
      ? []
      : ([
          ["系统综合功率(kW)", system],
          ["系统综合功率(Ps)", psOf(system)],
        ] as const)),
  ];
}

function batteryRows(car: Car): SpecificationFact[] {
  const { battery, kind } = car.powertrain;
  if (!battery) {
    return [];
  }
  const iron = /磷酸铁锂/.test(car.trim) || (!/三元锂/.test(car.trim) && car.msrp < 250_000);
  const cycle = car.year >= 2021 ? "CLTC" : "NEDC";
  const quick = kind === "plugIn" && battery.kwh < 15 ? "-" : "支持";
  return [
    ["电池类型", iron ? "磷酸铁锂电池" : "三元锂电池"],
    ["电芯品牌", car.mark === "BYD" || car.mark === "Denza" ? "弗迪" : "宁德时代"],
    ["电池冷却方式", battery.kwh < 20 ? "自然冷却" : "液冷"],
    [`${cycle}纯电续航里程(km)`, battery.km],
    ["电池能量(kWh)", battery.kwh],
    ["电池能量密度(Wh/kg)", iron ? 130 + (car.index % 20) : 160 + (car.index % 25)],
    ["百公里耗电量(kWh/100km)", ((battery.kwh / battery.km) * 95).toFixed(1)],
    ["三电系统质保", "八年或15万公里"],
    ["快充功能", quick],
    ["电池快充时间(小时)", quick === "-" ? "-" : "0.5"],
    ["电池慢充时间(小时)", (battery.kwh / 6.6).toFixed(1)],
    ["电池快充电量范围(%)", quick === "-" ? "-" : "30-80"],
  ];
}

function chassis(car: Car): SpecificationFact[] {
  const drive = drives[car.drive];
  return [
    ["驱动方式", drive?.zh ?? "-"],
    ...(drive?.four
      ? ([
          ["四驱形式", drive.four],
          ["中央差速器结构", car.drive === "E4" ? "-" : "多片离合器"],
        ] as const)
      : []),
    ["前悬架类型", "麦弗逊式独立悬架", 43],
    ["后悬架类型", suspension(car), 44],
    ["助力类型", car.year < 2012 ? "机械液压助力" : "电动助力"],
    ["车体结构", /皮卡|货车/.test(car.structure) || car.mark === "Tank" ? "非承载式" : "承载式"],
  ];
}

function wheels(car: Car): SpecificationFact[] {
  const inches = Math.round(13 + equipmentLevel(car) * 0.75);
  const tyre = `${155 + Math.round((car.size[1] - 1500) / 50) * 10}/${70 - Math.round((inches - 13) * 0.6) * 5} R${inches}`;
  return [
    ["前制动器类型", "通风盘式"],
    ["后制动器类型", car.msrp < 80_000 ? "鼓式" : "盘式"],
    ["驻车制动类型", car.msrp < 100_000 ? "手刹" : "电子驻车"],
    ["前轮胎规格", tyre],
    ["后轮胎规格", tyre],
    ["备胎规格", car.msrp > 300_000 ? "无" : car.msrp > 120_000 ? "非全尺寸" : "全尺寸"],
  ];
}

/**
 * The Chinese specification tables of a car, about 200 rows. Ids of facts are the service's own, for one car in five
 * as text. Equipment rows are numbered from 1000.
 */
export function specificationOf(car: Car): Specification {
  const facts: { name: string; rows: SpecificationFact[] }[] = [
    { name: "基本参数", rows: basics(car) },
    { name: "车身", rows: body(car) },
    { name: "发动机", rows: engineRows(car) },
    { name: "电动机", rows: motorRows(car) },
    { name: "电池/充电", rows: batteryRows(car) },
    {
      name: "变速箱",
      rows: [
        ["挡位个数", gearboxes[car.gearbox]?.gears ?? "-"],
        ["变速箱类型", gearboxes[car.gearbox]?.type ?? "-"],
        ["简称", gearboxes[car.gearbox]?.name ?? "-"],
      ],
    },
    { name: "底盘转向", rows: chassis(car) },
    { name: "车轮制动", rows: wheels(car) },
  ];
  const asText = car.index % 5 === 0;
  let next = 1000;
  const group = (rows: readonly SpecificationFact[], numbered: boolean) =>
    rows.map(([name, value, known]) => {
      const id = known ?? (numbered ? next++ : undefined);
      return { ...(id !== undefined && { id: asText ? String(id) : id }), name, value: String(value) };
    });
  return {
    specid: car.specid,
    paramtypeitems: [
      ...facts
        .filter(({ rows }) => rows.length > 0)
        .map(({ name, rows }) => ({ name, paramitems: group(rows, false) })),
      ...equipmentGroups(car).map(({ name, rows }) => ({ name, paramitems: group(rows, true) })),
    ],
  };
}
