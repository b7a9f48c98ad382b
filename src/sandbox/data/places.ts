/** Cities with their districts, one city per line: Chinese, Russian, English | district in Chinese and English, … */
export const places = `
北京 Пекин Beijing | 朝阳 Chaoyang, 海淀 Haidian, 丰台 Fengtai, 通州 Tongzhou, 大兴 Daxing, 昌平 Changping
上海 Шанхай Shanghai | 闵行 Minhang, 宝山 Baoshan, 嘉定 Jiading, 松江 Songjiang, 普陀 Putuo, 青浦 Qingpu
广州 Гуанчжоу Guangzhou | 天河 Tianhe, 白云 Baiyun, 番禺 Panyu, 海珠 Haizhu, 花都 Huadu
深圳 Шэньчжэнь Shenzhen | 龙岗 Longgang, 宝安 Bao'an, 南山 Nanshan, 福田 Futian, 龙华 Longhua
成都 Чэнду Chengdu | 武侯 Wuhou, 成华 Chenghua, 金牛 Jinniu, 双流 Shuangliu, 青羊 Qingyang, 崇州 Chongzhou
重庆 Чунцин Chongqing | 渝北 Yubei, 九龙坡 Jiulongpo, 沙坪坝 Shapingba, 南岸 Nan'an, 巴南 Banan
天津 Тяньцзинь Tianjin | 西青 Xiqing, 东丽 Dongli, 津南 Jinnan, 北辰 Beichen, 武清 Wuqing
杭州 Ханчжоу Hangzhou | 萧山 Xiaoshan, 余杭 Yuhang, 拱墅 Gongshu, 西湖 Xihu, 滨江 Binjiang
苏州 Сучжоу Suzhou | 吴中 Wuzhong, 相城 Xiangcheng, 昆山 Kunshan, 常熟 Changshu, 吴江 Wujiang
郑州 Чжэнчжоу Zhengzhou | 金水 Jinshui, 管城 Guancheng, 二七 Erqi, 惠济 Huiji, 中原 Zhongyuan
武汉 Ухань Wuhan | 洪山 Hongshan, 江汉 Jianghan, 汉阳 Hanyang, 东西湖 Dongxihu, 江夏 Jiangxia
西安 Сиань Xi'an | 未央 Weiyang, 雁塔 Yanta, 灞桥 Baqiao, 莲湖 Lianhu, 长安 Chang'an
南京 Нанкин Nanjing | 江宁 Jiangning, 栖霞 Qixia, 雨花台 Yuhuatai, 浦口 Pukou, 鼓楼 Gulou
长沙 Чанша Changsha | 岳麓 Yuelu, 雨花 Yuhua, 望城 Wangcheng, 天心 Tianxin, 开福 Kaifu
济南 Цзинань Jinan | 历城 Licheng, 槐荫 Huaiyin, 天桥 Tianqiao, 市中 Shizhong, 莱芜 Laiwu
青岛 Циндао Qingdao | 城阳 Chengyang, 李沧 Licang, 黄岛 Huangdao, 即墨 Jimo, 市北 Shibei
东莞 Дунгуань Dongguan |
佛山 Фошань Foshan | 南海 Nanhai, 顺德 Shunde, 禅城 Chancheng, 三水 Sanshui
沈阳 Шэньян Shenyang | 铁西 Tiexi, 于洪 Yuhong, 皇姑 Huanggu, 沈河 Shenhe, 浑南 Hunnan
大连 Далянь Dalian | 甘井子 Ganjingzi, 沙河口 Shahekou, 金州 Jinzhou, 旅顺口 Lüshunkou
哈尔滨 Харбин Harbin | 道里 Daoli, 南岗 Nangang, 香坊 Xiangfang, 松北 Songbei
长春 Чанчунь Changchun | 绿园 Lüyuan, 朝阳 Chaoyang, 宽城 Kuancheng, 二道 Erdao
石家庄 Шицзячжуан Shijiazhuang | 裕华 Yuhua, 长安 Chang'an, 桥西 Qiaoxi, 正定 Zhengding
太原 Тайюань Taiyuan | 小店 Xiaodian, 万柏林 Wanbailin, 尖草坪 Jiancaoping, 杏花岭 Xinghualing
合肥 Хэфэй Hefei | 瑶海 Yaohai, 包河 Baohe, 蜀山 Shushan, 庐阳 Luyang, 肥西 Feixi
南昌 Наньчан Nanchang | 青山湖 Qingshanhu, 红谷滩 Honggutan, 西湖 Xihu, 新建 Xinjian
福州 Фучжоу Fuzhou | 仓山 Cangshan, 晋安 Jin'an, 闽侯 Minhou, 福清 Fuqing
厦门 Сямынь Xiamen | 湖里 Huli, 集美 Jimei, 同安 Tong'an, 思明 Siming
泉州 Цюаньчжоу Quanzhou | 晋江 Jinjiang, 丰泽 Fengze, 南安 Nan'an, 石狮 Shishi
宁波 Нинбо Ningbo | 鄞州 Yinzhou, 江北 Jiangbei, 北仑 Beilun, 慈溪 Cixi, 余姚 Yuyao
温州 Вэньчжоу Wenzhou | 瓯海 Ouhai, 鹿城 Lucheng, 龙湾 Longwan, 瑞安 Rui'an, 乐清 Yueqing
金华 Цзиньхуа Jinhua | 义乌 Yiwu, 婺城 Wucheng, 东阳 Dongyang, 永康 Yongkang
台州 Тайчжоу Taizhou | 路桥 Luqiao, 椒江 Jiaojiang, 温岭 Wenling
嘉兴 Цзясин Jiaxing | 南湖 Nanhu, 秀洲 Xiuzhou, 海宁 Haining, 桐乡 Tongxiang
绍兴 Шаосин Shaoxing | 越城 Yuecheng, 柯桥 Keqiao, 诸暨 Zhuji
无锡 Уси Wuxi | 梁溪 Liangxi, 滨湖 Binhu, 江阴 Jiangyin, 宜兴 Yixing
常州 Чанчжоу Changzhou | 武进 Wujin, 新北 Xinbei, 天宁 Tianning
南通 Наньтун Nantong | 崇川 Chongchuan, 通州 Tongzhou, 海门 Haimen
徐州 Сюйчжоу Xuzhou | 云龙 Yunlong, 泉山 Quanshan, 铜山 Tongshan, 邳州 Pizhou
盐城 Яньчэн Yancheng | 亭湖 Tinghu, 盐都 Yandu, 东台 Dongtai
扬州 Янчжоу Yangzhou | 邗江 Hanjiang, 广陵 Guangling, 江都 Jiangdu
临沂 Линьи Linyi | 兰山 Lanshan, 罗庄 Luozhuang, 河东 Hedong
潍坊 Вэйфан Weifang | 奎文 Kuiwen, 潍城 Weicheng, 诸城 Zhucheng, 寿光 Shouguang, 高新区 Gaoxin
烟台 Яньтай Yantai | 芝罘 Zhifu, 福山 Fushan, 莱山 Laishan, 龙口 Longkou
淄博 Цзыбо Zibo | 张店 Zhangdian, 临淄 Linzi, 周村 Zhoucun
济宁 Цзинин Jining | 任城 Rencheng, 兖州 Yanzhou, 邹城 Zoucheng
洛阳 Лоян Luoyang | 洛龙 Luolong, 涧西 Jianxi, 西工 Xigong, 洛阳新区 Xinqu
南阳 Наньян Nanyang | 宛城 Wancheng, 卧龙 Wolong, 内乡 Neixiang, 镇平 Zhenping
开封 Кайфэн Kaifeng | 顺河 Shunhe, 龙亭 Longting, 祥符 Xiangfu
新乡 Синьсян Xinxiang | 红旗 Hongqi, 牧野 Muye, 长垣 Changyuan
商丘 Шанцю Shangqiu | 梁园 Liangyuan, 睢阳 Suiyang, 永城 Yongcheng
保定 Баодин Baoding | 竞秀 Jingxiu, 莲池 Lianchi, 定州 Dingzhou, 安新 Anxin, 涿州 Zhuozhou
唐山 Таншань Tangshan | 路北 Lubei, 丰润 Fengrun, 迁安 Qian'an
邯郸 Ханьдань Handan | 丛台 Congtai, 邯山 Hanshan, 永年 Yongnian
廊坊 Ланфан Langfang | 广阳 Guangyang, 安次 Anci, 三河 Sanhe
沧州 Цанчжоу Cangzhou | 运河 Yunhe, 新华 Xinhua, 任丘 Renqiu
大同 Датун Datong | 平城 Pingcheng, 云冈 Yungang
呼和浩特 Хух-Хото Hohhot | 赛罕 Saihan, 回民 Huimin, 新城 Xincheng
包头 Баотоу Baotou | 昆都仑 Kundulun, 青山 Qingshan, 东河 Donghe
鞍山 Аньшань Anshan | 铁东 Tiedong, 立山 Lishan, 海城 Haicheng
丹东 Даньдун Dandong | 振兴 Zhenxing, 东港 Donggang
吉林 Гирин Jilin | 船营 Chuanying, 昌邑 Changyi, 丰满 Fengman
延边 Яньбянь Yanbian | 延吉 Yanji, 敦化 Dunhua
大庆 Дацин Daqing | 让胡路 Ranghulu, 萨尔图 Sartu
芜湖 Уху Wuhu | 镜湖 Jinghu, 弋江 Yijiang, 鸠江 Jiujiang
阜阳 Фуян Fuyang | 颍州 Yingzhou, 颍泉 Yingquan, 太和 Taihe
蚌埠 Бэнбу Bengbu | 蚌山 Bengshan, 龙子湖 Longzihu
赣州 Ганьчжоу Ganzhou | 章贡 Zhanggong, 南康 Nankang, 瑞金 Ruijin
九江 Цзюцзян Jiujiang | 浔阳 Xunyang, 濂溪 Lianxi
漳州 Чжанчжоу Zhangzhou | 芗城 Xiangcheng, 龙文 Longwen, 龙海 Longhai
莆田 Путянь Putian | 城厢 Chengxiang, 荔城 Licheng, 涵江 Hanjiang
惠州 Хуэйчжоу Huizhou | 惠城 Huicheng, 惠阳 Huiyang, 博罗 Boluo
中山 Чжуншань Zhongshan |
珠海 Чжухай Zhuhai | 香洲 Xiangzhou, 斗门 Doumen, 金湾 Jinwan
汕头 Шаньтоу Shantou | 龙湖 Longhu, 金平 Jinping, 潮阳 Chaoyang
湛江 Чжаньцзян Zhanjiang | 赤坎 Chikan, 霞山 Xiashan, 遂溪 Suixi
江门 Цзянмэнь Jiangmen | 蓬江 Pengjiang, 新会 Xinhui, 台山 Taishan
茂名 Маомин Maoming | 茂南 Maonan, 电白 Dianbai, 高州 Gaozhou
南宁 Наньнин Nanning | 西乡塘 Xixiangtang, 青秀 Qingxiu, 江南 Jiangnan, 良庆 Liangqing
柳州 Лючжоу Liuzhou | 柳南 Liunan, 城中 Chengzhong, 柳江 Liujiang
桂林 Гуйлинь Guilin | 七星 Qixing, 象山 Xiangshan, 临桂 Lingui
北海 Бэйхай Beihai |
海口 Хайкоу Haikou | 龙华 Longhua, 美兰 Meilan, 秀英 Xiuying
昆明 Куньмин Kunming | 官渡 Guandu, 盘龙 Panlong, 西山 Xishan, 五华 Wuhua
曲靖 Цюйцзин Qujing | 麒麟 Qilin, 沾益 Zhanyi
大理 Дали Dali | 祥云 Xiangyun, 宾川 Binchuan
贵阳 Гуйян Guiyang | 云岩 Yunyan, 南明 Nanming, 观山湖 Guanshanhu, 花溪 Huaxi
遵义 Цзуньи Zunyi | 汇川 Huichuan, 红花岗 Honghuagang
绵阳 Мяньян Mianyang | 涪城 Fucheng, 游仙 Youxian, 江油 Jiangyou
南充 Наньчун Nanchong | 顺庆 Shunqing, 高坪 Gaoping
宜宾 Ибинь Yibin | 翠屏 Cuiping, 叙州 Xuzhou
泸州 Лучжоу Luzhou | 江阳 Jiangyang, 龙马潭 Longmatan
襄阳 Сянъян Xiangyang | 樊城 Fancheng, 襄州 Xiangzhou
宜昌 Ичан Yichang | 西陵 Xiling, 夷陵 Yiling, 伍家岗 Wujiagang
随州 Суйчжоу Suizhou | 曾都 Zengdu, 广水 Guangshui
黄石 Хуанши Huangshi | 下陆 Xialu, 大冶 Daye
株洲 Чжучжоу Zhuzhou | 天元 Tianyuan, 荷塘 Hetang, 醴陵 Liling
衡阳 Хэнъян Hengyang | 蒸湘 Zhengxiang, 雁峰 Yanfeng, 耒阳 Leiyang
岳阳 Юэян Yueyang | 岳阳楼 Yueyanglou, 云溪 Yunxi
常德 Чандэ Changde | 武陵 Wuling, 鼎城 Dingcheng
咸阳 Сяньян Xianyang | 秦都 Qindu, 渭城 Weicheng
宝鸡 Баоцзи Baoji | 金台 Jintai, 渭滨 Weibin
延安 Яньань Yan'an | 宝塔 Baota
兰州 Ланьчжоу Lanzhou | 城关 Chengguan, 七里河 Qilihe, 安宁 Anning
西宁 Синин Xining | 城东 Chengdong, 城西 Chengxi, 湟中 Huangzhong
银川 Иньчуань Yinchuan | 兴庆 Xingqing, 金凤 Jinfeng, 西夏 Xixia
乌鲁木齐 Урумчи Urumqi | 新市 Xinshi, 沙依巴克 Shayibake, 水磨沟 Shuimogou
`;
