import { gearboxes, russianClasses } from "../data/labels.ts";
import { emissionStandard, kwOf, litres, performance, psOf } from "./car-facts.ts";
import type { Car } from "./cars.ts";

const ASPIRATION = {
  N: "атмосферный",
  T: "турбонаддув",
  TT: "двойной турбонаддув",
  S: "механический нагнетатель",
};

/** The Latin part of a trim: `330TSI R-Line`, `1.6L`, `xDrive25i`. */
export function latinTrim(car: Car): string {
  const rest = car.trim.replace(/国[IV]+b?/g, " ").replace(/[\p{Script=Han}（）]+/gu, " ");
  return rest.replace(/\s+/g, " ").trim();
}

const isManual = (car: Car) => car.gearbox.startsWith("MT");

/** The specification of accounts set to Russian: one flat object with about 50 texts. */
export function russianSpecification(car: Car): Record<string, string> {
  const { engine, motor, battery } = car.powertrain;
  const { topSpeed, seconds, consumption } = performance(car);
  const [length, width, height] = car.size;
  const gearbox = gearboxes[car.gearbox];
  const standard = emissionStandard(car).replace(/\(.*\)/, "");
  const values: Record<string, string | number | undefined> = {
    "Название модели": [car.mark, car.model, car.year, latinTrim(car), isManual(car) ? "МКПП" : "АКПП"].join(
      " ",
    ),
    Производитель: car.mark,
    Класс: russianClasses[car.carClass],
    "Тип топлива": car.words.engine.ru,
    "Экологический стандарт": standard.replace("国", "Китай "),
    "Дата выхода на рынок": `${car.year}.${String((car.index % 12) + 1).padStart(2, "0")}`,
    "Максимальная мощность (кВт)": engine ? kwOf(engine.hp) : motor?.kw,
    "Максимальный крутящий момент (Н·м)": engine?.nm ?? motor?.nm,
    Двигатель: engine
      ? `${litres(engine)}${engine.aspiration === "N" ? "L" : "T"} ${engine.hp} л.с. ${engine.layout}${engine.cylinders}`
      : undefined,
    "Коробка передач": gearbox?.ru,
    "Д*Ш*В (мм)": car.size.join("*"),
    "Тип кузова": `${car.doors}-дверный ${car.seats}-местный ${car.words.body.lower}`,
    "Максимальная скорость (км/ч)": topSpeed,
    "Разгон 0-100 км/ч (с)": car.index % 4 === 0 ? "-" : seconds,
    "Расход топлива (л/100 км)": engine ? consumption : undefined,
    "Гарантия на автомобиль": "3 года или 100000 км",
    "Длина (мм)": length,
    "Ширина (мм)": width,
    "Высота (мм)": height,
    "Колесная база (мм)": car.wheelbase,
    "Передняя колея (мм)": Math.round(width * 0.852),
    "Задняя колея (мм)": Math.round(width * 0.855),
    "Дорожный просвет (мм)": 110 + (car.index % 9) * 10,
    "Количество дверей": car.doors,
    "Количество мест": car.seats,
    "Объем топливного бака (л)": engine ? Math.round(car.weight / 28) : undefined,
    "Объем багажника (л)": 260 + (length % 240),
    "Снаряженная масса (кг)": car.weight,
    "Модель двигателя": engine?.code,
    "Рабочий объем (мл)": engine?.cc,
    "Рабочий объем (л)": engine ? litres(engine) : undefined,
    "Тип наддува": engine ? ASPIRATION[engine.aspiration] : undefined,
    "Расположение цилиндров": engine ? (engine.layout === "L" ? "рядное" : engine.layout) : undefined,
    "Количество цилиндров": engine?.cylinders,
    "Клапанов на цилиндр": engine ? 4 : undefined,
    "Газораспределительный механизм": engine ? "DOHC" : undefined,
    "Максимальная мощность (л.с.)": engine?.hp ?? (motor ? psOf(motor.kw) : undefined),
    "Октановое число": engine && engine.octane > 0 ? `АИ-${engine.octane}` : undefined,
    "Материал ГБЦ": engine ? "алюминиевый сплав" : undefined,
    "Материал блока цилиндров": engine ? "алюминиевый сплав" : undefined,
    "Емкость батареи (кВт·ч)": battery?.kwh,
    "Запас хода на электротяге (км)": battery?.km,
    "Количество передач": gearbox && /^\d+$/.test(gearbox.gears) ? gearbox.gears : undefined,
    "Тип КПП": gearbox?.ru,
    "Тип привода": car.words.drive.lower.replace(" привод", ""),
    "Передняя подвеска": "независимая пружинная стойка",
    "Задняя подвеска": car.msrp > 180_000 ? "независимая многорычажная" : "полузависимая, торсионная балка",
    "Усилитель руля": car.year < 2012 ? "гидроусилитель" : "электроусилитель",
    "Конструкция кузова": "несущий",
    "Передние тормоза": "дисковые вентилируемые",
    "Задние тормоза": car.msrp < 80_000 ? "барабанные" : "дисковые",
    "Стояночный тормоз": car.msrp < 100_000 ? "ручной" : "электронный",
    "Запасное колесо": car.msrp > 120_000 ? "неполноразмерное" : "полноразмерное",
  };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}
