/**
 * Car lines and their trims. A line with `=` starts a car line: mark | maker | model of the account | Chinese name |
 * class | body structure | length*width*height in mm | wheelbase in mm | kerb weight in kg. Below it, one trim per line:
 * model years | trim | engine | gearbox | drive | list price in ten thousand yuan.
 *
 * Engine: a code of engines.ts; with `~48` a mild hybrid; `hev:ENGINE/kW/Nm`; `phev:` and `reev:ENGINE/kW/Nm/kWh/km`;
 * `ev:kW/Nm/kWh/km`. Gearbox and drive: codes of powertrain.ts.
 */
export const germanCars = `
= Volkswagen | 上汽大众 | Lavida | 朗逸 | 紧凑型车 | 4门5座三厢车 | 4670*1806*1474 | 2688 | 1245
2018-2019 | 1.5L 自动舒适版 国V | DMB | AT6 | FF | 12.59
2013,2015 | 1.6L 自动舒适版 | CSR | AT6 | FF | 13.29
2013,2015 | 1.6L 手动风尚版 | CSR | MT5 | FF | 11.29
2018,2021 | 280TSI DSG豪华版 国VI | DJS | DCT7D | FF | 15.09
2023 | 改款 1.5L 自动星空五百万版 | DMB | AT6 | FF | 11.89
= Volkswagen | 一汽-大众 | Sagitar | 速腾 | 紧凑型车 | 4门5座三厢车 | 4753*1800*1462 | 2731 | 1390
2012,2014 | 1.4TSI 自动豪华型 | DJS | DCT7D | FF | 16.78
2015-2017 | 230TSI 自动舒适型 | DJS | DCT7D | FF | 16.38
2019-2021 | 280TSI DSG舒适型 国VI | DJS | DCT7D | FF | 15.79
= Volkswagen | 一汽-大众 | Magotan | 迈腾 | 中型车 | 4门5座三厢车 | 4866*1832*1479 | 2871 | 1490
2012,2013 | 1.8TSI 豪华型 | CEA | DCT7D | FF | 23.48
2017-2019 | 330TSI DSG豪华型 | DKX | DCT7W | FF | 22.99
2020,2022 | 380TSI DSG尊贵型 | DPL | DCT7W | FF | 25.69
= Volkswagen | 上汽大众 | Passat | 帕萨特 | 中型车 | 4门5座三厢车 | 4933*1836*1469 | 2871 | 1530
2011,2014 | 1.8TSI DSG尊荣版 | CEA | DCT7D | FF | 22.68
2019-2021 | 330TSI 精英版 国VI | DKX | DCT7W | FF | 20.99
2022 | 380TSI 豪华版 | DPL | DCT7W | FF | 24.19
= Volkswagen | 上汽大众 | Tiguan L | 途观L | 中型SUV | 5门5座SUV | 4735*1859*1682 | 2791 | 1680
2017-2018 | 330TSI 自动两驱全景舒适版 | DKX | DCT7W | FF | 23.98
2019 | 380TSI 自动四驱智动豪华版7座 国VI | DPL | DCT7W | F4 | 29.98
2021-2022 | 330TSI 自动两驱智动豪华版 | DKX | DCT7W | FF | 24.58
2022 | 380TSI 自动四驱R-Line越享版 | DPL | DCT7W | F4 | 28.58
= Volkswagen | 一汽-大众 | Golf | 高尔夫 | 紧凑型车 | 5门5座两厢车 | 4296*1788*1471 | 2631 | 1335
2010,2012 | 1.4TSI 自动舒适型 | DJS | DCT7D | FF | 14.98
2014-2016 | 1.6L 手动时尚型 | CSR | MT5 | FF | 12.19
2021,2023 | 280TSI DSG R-Line Lite | DJS | DCT7D | FF | 15.98
= Volkswagen | 上汽大众 | Polo | Polo | 小型车 | 5门5座两厢车 | 4053*1740*1449 | 2564 | 1130
2019,2021 | Plus 1.5L 自动炫彩科技版 | DMB | AT6 | FF | 11.89
2013,2014 | 1.6L 自动舒适版 | CFNA | AT6 | FF | 11.19
= Volkswagen | 一汽-大众 | Tayron | 探岳 | 中型SUV | 5门5座SUV | 4589*1860*1660 | 2731 | 1660
2019-2021 | 330TSI 两驱豪华智联版 国VI | DKX | DCT7W | FF | 22.39
2023 | 380TSI 四驱R-Line尊贵智联版 Pro | DPL | DCT7W | F4 | 26.59
= Volkswagen | 一汽-大众 | ID.4 CROZZ | ID.4 CROZZ | 紧凑型SUV | 5门5座SUV | 4592*1852*1629 | 2765 | 2120
2021-2023 | 长续航PRO版 | ev:150/310/84.8/554 | EV1 | RR | 24.33
2022 | 高性能PRIME版 | ev:230/460/84.8/520 | EV1 | E4 | 28.33
= BMW | 华晨宝马 | 3 Series | 宝马3系 | 中型车 | 4门5座三厢车 | 4829*1827*1463 | 2961 | 1606
2013,2015 | 320Li 豪华设计套装 | N20B20D | AT8 | FR | 35.96
2014,2016 | 328Li 时尚型 | N20B20B | AT8 | FR | 42.95
2018-2019 | 320Li 时尚型 | B48B20C | AT8 | FR | 33.98
2020-2022 | 325Li M运动套装 | B48B20A | AT8 | FR | 35.99
2023 | 改款 330Li xDrive M运动套装 | B48B20F | AT8 | F4 | 39.99
= BMW | 华晨宝马 | 5 Series | 宝马5系 | 中大型车 | 4门5座三厢车 | 5106*1868*1500 | 3108 | 1760
2011,2012 | 525Li 豪华型 | N52B25BF | AT8 | FR | 55.86
2014,2016 | 525Li 领先型 | N20B20D | AT8 | FR | 46.66
2018 | 530Li 领先型 M运动套装 | B48B20D | AT8 | FR | 50.69
2021-2022 | 改款 530Li 尊享型 豪华套装 | B48B20F | AT8 | FR | 52.39
= BMW | 华晨宝马 | X3 | 宝马X3 | 中型SUV | 5门5座SUV | 4737*1891*1689 | 2864 | 1855
2018-2020 | xDrive28i M运动套装 | B48B20F | AT8 | F4 | 45.98
2022-2023 | xDrive25i 豪华套装 | B48B20A | AT8 | F4 | 40.59
= BMW | 宝马(进口) | X5 | 宝马X5(进口) | 中大型SUV | 5门5座SUV | 4930*2004*1776 | 2975 | 2190
2014,2017 | xDrive35i 尊享型 | N55B30A | AT8 | F4 | 88.80
2019-2021 | xDrive40i 尊享型M运动套装 | B58B30C | AT8 | F4 | 79.99
= BMW | 华晨宝马 | X1 | 宝马X1 | 紧凑型SUV | 5门5座SUV | 4565*1821*1620 | 2780 | 1560
2016,2018 | sDrive18Li 时尚型 | B38A15C | DCT7W | FF | 28.60
2020,2022 | sDrive20Li 尊享型 | B48A20C | DCT7W | FF | 31.48
= BMW | 华晨宝马 | 1 Series | 宝马1系 | 紧凑型车 | 4门5座三厢车 | 4462*1803*1446 | 2670 | 1420
2017,2019 | 118i 时尚型 | B38A15C | AT6 | FF | 20.48
2020-2022 | 125i M运动套装 | B48A20C | DCT7W | FF | 24.28
= BMW | 华晨宝马 | iX3 | 宝马iX3 | 中型SUV | 5门5座SUV | 4746*1891*1683 | 2864 | 2188
2021-2023 | 创领型 | ev:210/400/80/535 | EV1 | RR | 43.99
= BMW | 宝马M | M3 | 宝马M3 | 中型车 | 4门5座三厢车 | 4801*1904*1436 | 2857 | 1780
2021,2023 | M3 雷霆版 | S58B30A | AT8 | FR | 86.39
= Mercedes-Benz | 北京奔驰 | C-Class | 奔驰C级 | 中型车 | 4门5座三厢车 | 4784*1810*1457 | 2920 | 1615
2013 | C 200 时尚型 | M271860 | AT7 | FR | 35.90
2015-2017 | C 200 L 运动版 | M274920 | AT7 | FR | 35.90
2019-2021 | C 260 L 运动版 | M264915~48 | AT9 | FR | 34.58
2022-2023 | C 260 L 皓夜运动版 | M254915~48 | AT9 | FR | 36.52
= Mercedes-Benz | 北京奔驰 | E-Class | 奔驰E级 | 中大型车 | 4门5座三厢车 | 5065*1860*1482 | 3079 | 1790
2010,2012 | E 300 L 时尚豪华型 | M272947 | AT7 | FR | 60.80
2016,2018 | E 200 L 运动型 | M274920 | AT9 | FR | 43.68
2021,2022 | 改款 E 300 L 豪华型 | M264920 | AT9 | FR | 51.67
= Mercedes-Benz | 北京奔驰 | GLC | 奔驰GLC | 中型SUV | 5门5座SUV | 4774*1898*1653 | 2973 | 1865
2016-2018 | GLC 260 4MATIC 动感型 | M274930 | AT9 | F4 | 42.80
2023 | GLC 300 L 4MATIC 动感型 5座 | M254920~48 | AT9 | F4 | 48.45
= Mercedes-Benz | 北京奔驰 | GLB | 奔驰GLB | 紧凑型SUV | 5门5座SUV | 4638*1834*1706 | 2829 | 1630
2020,2022 | GLB 200 动感型 | M282914 | DCT7W | FF | 30.18
= Mercedes-Benz | 奔驰(进口) | GLE | 奔驰GLE | 中大型SUV | 5门5座SUV | 4939*2030*1772 | 2995 | 2285
2020,2022 | GLE 450 4MATIC 时尚型 | M256930~48 | AT9 | F4 | 82.78
2016 | GLE 400 4MATIC | M276823 | AT7 | F4 | 92.98
= Mercedes-Benz | 北京奔驰 | A-Class | 奔驰A级 | 紧凑型车 | 4门5座三厢车 | 4622*1796*1454 | 2789 | 1455
2019-2021 | A 200 L 运动轿车时尚型 | M282914 | DCT7W | FF | 25.38
= Mercedes-Benz | 奔驰(进口) | S-Class | 奔驰S级 | 大型车 | 4门5座三厢车 | 5290*1921*1503 | 3216 | 2085
2021-2022 | S 450 L | M256930~48 | AT9 | FR | 112.26
2014 | S 400 L 豪华型 | M276823 | AT7 | FR | 128.80
= Audi | 一汽-大众奥迪 | A4L | 奥迪A4L | 中型车 | 4门5座三厢车 | 4858*1847*1439 | 2908 | 1620
2013,2015 | 1.8TFSI 自动舒适型 | CEA | CVT8 | FF | 32.89
2017-2019 | 40 TFSI 时尚型 | DTA | DCT7W | FF | 32.18
2020,2022 | 45 TFSI quattro 臻选动感型 | DUK | DCT7W | F4 | 39.68
= Audi | 一汽-大众奥迪 | A6L | 奥迪A6L | 中大型车 | 4门5座三厢车 | 5050*1886*1475 | 3024 | 1790
2012,2014 | 2.5FSI 舒适型 | CLX | CVT8 | FF | 45.60
2016,2018 | 1.8TFSI 技术型 | CEA | DCT7W | FF | 41.78
2019-2021 | 45 TFSI 臻选动感型 | DUK | DCT7W | FF | 46.48
2022 | 55 TFSI quattro 尊享致雅型 | DLZ~48 | DCT7W | F4 | 61.38
= Audi | 一汽-大众奥迪 | Q5L | 奥迪Q5L | 中型SUV | 5门5座SUV | 4753*1893*1659 | 2907 | 1850
2018-2020 | 45 TFSI 尊享时尚型 | DUK | DCT7W | F4 | 43.89
2021-2022 | 40 TFSI 豪华致雅型 | DTA | DCT7W | F4 | 41.28
= Audi | 一汽-大众奥迪 | A3 | 奥迪A3 | 紧凑型车 | 5门5座两厢车 | 4312*1785*1426 | 2630 | 1370
2014,2016 | Sportback 35 TFSI 风尚型 | DLF | DCT7D | FF | 23.59
2021,2022 | Sportback 35 TFSI 进取致雅型 | DLF | DCT7D | FF | 21.46
= Audi | 一汽-大众奥迪 | Q3 | 奥迪Q3 | 紧凑型SUV | 5门5座SUV | 4495*1848*1616 | 2680 | 1570
2019-2021 | 35 TFSI 时尚动感型 | DLF | DCT7W | FF | 28.18
2013,2015 | 35 TFSI quattro 技术型 | CGM | DCT7W | F4 | 34.68
= Audi | 奥迪(进口) | Q7 | 奥迪Q7 | 中大型SUV | 5门7座SUV | 5067*1970*1737 | 2994 | 2135
2020,2022 | 55 TFSI quattro S line运动型 | DLZ~48 | AT8 | F4 | 80.88
2013 | 3.0 TFSI 技术型 | CRE | AT8 | F4 | 99.80
= Porsche | 保时捷 | Macan | Macan | 中型SUV | 5门5座SUV | 4696*1923*1624 | 2807 | 1865
2018,2020,2022 | Macan 2.0T | DLH-P | DCT7W | F4 | 55.50
= Porsche | 保时捷 | Cayenne | Cayenne | 中大型SUV | 5门5座SUV | 4918*1983*1696 | 2895 | 2060
2018,2021 | Cayenne 3.0T | DCB | AT8 | F4 | 91.80
= Porsche | 保时捷 | Panamera | Panamera | 大型车 | 5门4座掀背车 | 5049*1937*1423 | 2950 | 1890
2017,2021 | Panamera 4 2.9T | DGP | DCT8W | F4 | 110.80
= Porsche | 保时捷 | 911 | 保时捷911 | 跑车 | 2门4座硬顶跑车 | 4519*1852*1300 | 2450 | 1565
2020,2023 | Carrera 3.0T | MDC | DCT8W | RR | 128.80
= Porsche | 保时捷 | 718 | 保时捷718 | 跑车 | 2门2座软顶敞篷车 | 4379*1801*1281 | 2475 | 1435
2018,2022 | Boxster 2.0T | MDD-NB | DCT7W | MR | 60.50
= Porsche | 保时捷 | Taycan | Taycan | 大型车 | 4门4座三厢车 | 4963*1966*1395 | 2900 | 2130
2021,2023 | Taycan 后驱版 | ev:300/357/79.2/464 | EV2 | RR | 89.80
= Skoda | 上汽大众斯柯达 | Octavia | 明锐 | 紧凑型车 | 5门5座掀背车 | 4675*1814*1478 | 2688 | 1265
2013,2015 | 1.6L 自动逸杰版 | CSR | AT6 | FF | 13.59
2018 | TSI230 DSG舒适版 | DCF | DCT7D | FF | 14.59
= Skoda | 上汽大众斯柯达 | Kodiaq | 柯迪亚克 | 中型SUV | 5门7座SUV | 4701*1883*1676 | 2791 | 1745
2017,2019 | TSI330 7座两驱豪华版 | DKX | DCT7W | FF | 23.68
= Skoda | 上汽大众斯柯达 | Superb | 速派 | 中型车 | 5门5座掀背车 | 4869*1864*1489 | 2841 | 1515
2016,2019 | TSI330 DSG豪华版 | DKX | DCT7W | FF | 20.98
= Jetta | 一汽-大众捷达 | VS5 | 捷达VS5 | 紧凑型SUV | 5门5座SUV | 4419*1841*1616 | 2630 | 1385
2019,2021 | 280TSI 自动荣耀版 | DCF | AT6 | FF | 11.28
= Jetta | 一汽-大众捷达 | VA3 | 捷达VA3 | 紧凑型车 | 4门5座三厢车 | 4501*1704*1469 | 2604 | 1120
2020,2021 | 1.5L 手动舒适版 | DMB | MT5 | FF | 7.28
2021 | 1.5L 自动荣耀版 | DMB | AT6 | FF | 9.08
= MINI | 宝马(进口) | MINI | MINI | 小型车 | 3门4座两厢车 | 3850*1727*1415 | 2495 | 1250
2014,2018 | 1.5T COOPER Fun | B38A15C | AT6 | FF | 24.00
2020,2022 | 1.5T COOPER 经典派 | B38A15C | DCT7W | FF | 24.08
= MINI | 宝马(进口) | COUNTRYMAN | MINI COUNTRYMAN | 紧凑型SUV | 5门5座SUV | 4314*1822*1562 | 2670 | 1560
2017,2021 | 2.0T COOPER S ALL4 艺术家 | B48A20C | AT8 | F4 | 34.50
= Smart | smart(进口) | Fortwo | smart fortwo | 微型车 | 3门2座两厢车 | 2695*1663*1555 | 1873 | 930
2016,2018 | 1.0L 52千瓦硬顶激情版 | M281920 | DCT6W | RR | 12.58
= Bentley | 宾利 | Continental | 欧陆 | 跑车 | 2门4座硬顶跑车 | 4807*1954*1401 | 2746 | 2295
2014,2016 | 4.0T GT V8 标准版 | CEY | AT8 | F4 | 298.00
= Rolls-Royce | 劳斯莱斯 | Ghost | 古思特 | 大型车 | 4门5座三厢车 | 5546*2148*1571 | 3295 | 2553
2021 | 6.7T 标准版 | N74B68 | AT8 | F4 | 459.00
`;
