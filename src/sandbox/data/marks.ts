/** Marks by popularity, most frequent first: name, Chinese name, VIN prefix. */
export const marks = `
Volkswagen | 大众 | LSV
BMW | 宝马 | LBV
Mercedes-Benz | 奔驰 | LE4
Audi | 奥迪 | LFV
Toyota | 丰田 | LFM
Honda | 本田 | LHG
BYD | 比亚迪 | LC0
Nissan | 日产 | LGB
Buick | 别克 | LSG
Geely | 吉利汽车 | L6T
Haval | 哈弗 | LGW
Changan | 长安 | LS5
Ford | 福特 | LVS
Hyundai | 现代 | LBE
Chery | 奇瑞 | LVV
Chevrolet | 雪佛兰 | LSG
Tesla | 特斯拉 | LRW
Mazda | 马自达 | LVR
Wuling | 五菱汽车 | LZW
Kia | 起亚 | LJD
Lexus | 雷克萨斯 | JTH
Volvo | 沃尔沃 | LYV
Cadillac | 凯迪拉克 | LSG
Land Rover | 路虎 | LSA
Porsche | 保时捷 | WP1
Roewe | 荣威 | LSJ
MG | 名爵 | LSJ
GAC Trumpchi | 广汽传祺 | LMG
Li Auto | 理想汽车 | LW4
Aion | 广汽埃安 | LNA
Hongqi | 红旗 | LFP
Lynk & Co | 领克 | LB3
XPeng | 小鹏汽车 | LMV
NIO | 蔚来 | LJ1
Zeekr | 极氪 | L6T
AITO | AITO 问界 | LM8
Leapmotor | 零跑汽车 | LFZ
Skoda | 斯柯达 | LSV
Peugeot | 标致 | LDC
Tank | 坦克 | LGW
MINI | MINI | WMW
Jeep | Jeep | LWV
Baojun | 宝骏 | LK6
Citroen | 雪铁龙 | LDC
Mitsubishi | 三菱 | LL6
Subaru | 斯巴鲁 | JF1
Infiniti | 英菲尼迪 | LGB
Lincoln | 林肯 | LVS
Jaguar | 捷豹 | LSA
Jetour | 捷途 | LVT
Deepal | 深蓝汽车 | LS6
Geely Galaxy | 吉利银河 | L6T
Ora | 欧拉 | LGW
WEY | 魏牌 | LGW
Jetta | 捷达 | LFV
Exeed | 星途 | LVT
Forthing | 东风风行 | LGG
JAC Refine | 江淮瑞风 | LJ1
Maxus | 上汽大通MAXUS | LSF
Great Wall | 长城 | LGW
Suzuki | 铃木 | LS5
Smart | smart | WME
Denza | 腾势 | LC0
Voyah | 岚图汽车 | LDP
Avatr | 阿维塔 | LS6
Xiaomi | 小米汽车 | LNB
Maserati | 玛莎拉蒂 | ZAM
Renault | 雷诺 | VF1
Alfa Romeo | 阿尔法·罗密欧 | ZAR
Bentley | 宾利 | SCB
Lamborghini | 兰博基尼 | ZHW
Ferrari | 法拉利 | ZFF
Rolls-Royce | 劳斯莱斯 | SCA
`;
