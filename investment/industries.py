"""Industries (国民经济行业分类, GB/T 4754-2017): sections by letter and divisions by two digits.

A code is a section letter ("C") or the letter with a division ("C13"); the names follow the
standard, the English ones its usual translation.
"""

from layers.bilingual import Text
from layers.registry.codelists import DeclaredCodeList

_SECTIONS = """
A|农、林、牧、渔业|Agriculture, forestry, animal husbandry and fishery
B|采矿业|Mining
C|制造业|Manufacturing
D|电力、热力、燃气及水生产和供应业|Electricity, heat, gas and water
E|建筑业|Construction
F|批发和零售业|Wholesale and retail
G|交通运输、仓储和邮政业|Transport, storage and post
H|住宿和餐饮业|Accommodation and catering
I|信息传输、软件和信息技术服务业|Information, software and IT services
J|金融业|Finance
K|房地产业|Real estate
L|租赁和商务服务业|Leasing and business services
M|科学研究和技术服务业|Research and technical services
N|水利、环境和公共设施管理业|Water, environment and public facilities
O|居民服务、修理和其他服务业|Resident, repair and other services
P|教育|Education
Q|卫生和社会工作|Health and social work
R|文化、体育和娱乐业|Culture, sports and entertainment
"""

_DIVISIONS = """
A01|农业|Farming
A02|林业|Forestry
A03|畜牧业|Animal husbandry
A04|渔业|Fishery
A05|农、林、牧、渔专业及辅助性活动|Services to agriculture
B06|煤炭开采和洗选业|Coal mining
B07|石油和天然气开采业|Oil and gas extraction
B10|非金属矿采选业|Non-metal mining
C13|农副食品加工业|Processing of farm products
C14|食品制造业|Food
C15|酒、饮料和精制茶制造业|Alcohol, beverages and tea
C16|烟草制品业|Tobacco
C17|纺织业|Textiles
C18|纺织服装、服饰业|Clothing
C19|皮革、毛皮、羽毛及其制品和制鞋业|Leather, fur, feather and shoes
C20|木材加工和木、竹、藤、棕、草制品业|Wood, bamboo and straw products
C21|家具制造业|Furniture
C22|造纸和纸制品业|Paper
C23|印刷和记录媒介复制业|Printing
C24|文教、工美、体育和娱乐用品制造业|Arts, crafts, sports and recreation goods
C25|石油、煤炭及其他燃料加工业|Petroleum, coal and fuel processing
C26|化学原料和化学制品制造业|Chemicals
C27|医药制造业|Pharmaceuticals
C28|化学纤维制造业|Chemical fibres
C29|橡胶和塑料制品业|Rubber and plastics
C30|非金属矿物制品业|Non-metallic mineral products
C31|黑色金属冶炼和压延加工业|Ferrous metals
C32|有色金属冶炼和压延加工业|Non-ferrous metals
C33|金属制品业|Metal products
C34|通用设备制造业|General machinery
C35|专用设备制造业|Special machinery
C36|汽车制造业|Motor vehicles
C37|铁路、船舶、航空航天和其他运输设备制造业|Rail, ships, aircraft and other transport equipment
C38|电气机械和器材制造业|Electrical machinery
C39|计算机、通信和其他电子设备制造业|Computers and electronics
C40|仪器仪表制造业|Instruments
C41|其他制造业|Other manufacturing
C42|废弃资源综合利用业|Recycling
C43|金属制品、机械和设备修理业|Repair of machinery
D44|电力、热力生产和供应业|Electricity and heat
D45|燃气生产和供应业|Gas
D46|水的生产和供应业|Water
E47|房屋建筑业|Buildings
E48|土木工程建筑业|Civil engineering
F51|批发业|Wholesale
F52|零售业|Retail
G53|铁路运输业|Rail transport
G54|道路运输业|Road transport
G58|多式联运和运输代理业|Multimodal transport and forwarding
G59|装卸搬运和仓储业|Handling and storage
G60|邮政业|Post
H61|住宿业|Accommodation
H62|餐饮业|Catering
I64|互联网和相关服务|Internet services
I65|软件和信息技术服务业|Software and IT services
L71|租赁业|Leasing
L72|商务服务业|Business services
M73|研究和试验发展|Research and development
M74|专业技术服务业|Technical services
M75|科技推广和应用服务业|Technology transfer
N76|水利管理业|Water management
N77|生态保护和环境治理业|Environmental protection
N78|公共设施管理业|Public facilities
Q84|卫生|Health
Q85|社会工作|Social work
R88|文化艺术业|Culture and arts
R89|体育|Sports
R90|娱乐业|Entertainment
"""


def _read(table: str) -> dict[str, Text]:
    rows = (line.split("|") for line in table.strip().splitlines())
    return {code: Text(zh, en) for code, zh, en in rows}


SECTIONS = _read(_SECTIONS)
DIVISIONS = _read(_DIVISIONS)

INDUSTRIES = DeclaredCodeList(
    slug="industries",
    title=Text("行业", "Industries"),
    standard="GB/T 4754-2017",
    codes=dict(sorted({**SECTIONS, **DIVISIONS}.items())),
)


def industry_label(code: str) -> str:
    """The industry's name in the reader's language; the code itself where it is unknown."""
    return str(INDUSTRIES.codes.get(code, code))
