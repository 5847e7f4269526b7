"""What is each layer and table of NY/T 2539 called, beside its code? Chinese as the standard has it (docs/delivery.md 2 and 3)."""

from __future__ import annotations

from typing import Final

NAMES: Final = {
    "DK": ("地块", "parcels"),
    "CJQY": ("村级区域", "village limits"),
    "ZD": ("宅基地宗地", "homestead parcels"),
    "FW": ("宅基地房屋", "houses"),
    "LH": ("联户", "contracts of several households"),
    "FBF": ("发包方", "issuing parties"),
    "CBF": ("承包方", "contracting households"),
    "CBF_JTCY": ("家庭成员", "members"),
    "CBDKXX": ("承包地块信息", "contracted parcels"),
    "CBHT": ("承包合同", "contracts"),
    "KZD": ("控制点", "control points"),
    "XJXZQ": ("县级行政区", "county"),
    "XJQY": ("乡级区域", "towns"),
    "ZJQY": ("组级区域", "groups"),
    "QYJX": ("区域界线", "limits"),
    "DZDW": ("点状地物", "point features"),
    "XZDW": ("线状地物", "line features"),
    "MZDW": ("面状地物", "area features"),
    "JZD": ("界址点", "boundary points"),
    "JZX": ("界址线", "boundary lines"),
    "JBNTBHQ": ("基本农田保护区", "protected farmland"),
    "ZJ": ("注记", "annotations"),
    "LZHT": ("流转合同", "transfer contracts"),
    "QSLYZLFJ": ("权属来源资料附件", "title papers"),
    "CBJYQZDJB": ("登记簿", "register pages"),
    "CBJYQZ": ("权证", "certificates"),
    "CBJYQZ_QZBF": ("权证补发", "certificates reissued"),
    "CBJYQZ_QZHF": ("权证换发", "certificates renewed"),
    "CBJYQZ_QZZX": ("权证注销", "certificates cancelled"),
}
