"""Which words do people read for the things, the acts and the moves that a certificate names, and for what it proves?

One table, Chinese and English: the paper, `sanquan verify` and the page `/verify` all take their words from here. What the register
itself says, too, is its own (registry/guarantee/wording.toml): the verifier stands alone and carries it; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Words = tuple[str, str]
"""Chinese, English."""

THINGS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "contract-arable": ("耕地", "Arable land"),
        "contract-grass": ("草场", "Pasture"),
        "contract-forest": ("林地", "Forest land"),
        "contract-other": ("其他承包地", "Other contracted land"),
        "operating": ("经营的地（土地经营权）", "Land worked under an operating right"),
        "homestead": ("院子（宅基地）", "House plot"),
        "income": ("集体的股", "Collective shares"),
        "holding": ("承包户的家里人名单", "List of the contracting household's members"),
        "parcel": ("地块", "Parcel"),
        "membership": ("集体成员身份", "Membership of the collective"),
        "restriction": ("限制（抵押、查封、异议、争议）", "Restriction (mortgage, seizure, objection, dispute)"),
        "duty": ("义务（草畜平衡、禁牧、集体的规定）", "Duty (stocking limit, grazing ban, the collective's rules)"),
        "benefit": ("补贴（惠农牧政策）", "Subsidy (benefit policy)"),
    }
)
HAPPENED: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "first-registration": ("第一次登进登记簿", "it was entered in the register for the first time"),
        "omission-corrected": ("原来漏登的人补登上了", "someone left out at first was added"),
        "record-corrected": ("登记写错了，凭证据更正过来", "an error in the record was corrected on proof"),
        "clerical-slip": (
            "写错的字或号码改过来了，两名工作人员经手",
            "a slip in a name, number or code was mended by two officers",
        ),
        "recoded": ("行政区划或编码变了，只换了号码", "the division or its code changed; only the number is new"),
        "restored": (
            "原来的登记恢复了，编号和来历都接得上",
            "the earlier record was restored, under its old number and without a gap",
        ),
        "court-ordered": ("按法院生效的裁判办的", "a court's final decision was carried out"),
        "arbitrated": ("按生效的仲裁裁决办的", "an arbitration award was carried out"),
        "survey-corrected": (
            "重新量过，改了形状或实测面积，合同面积没动",
            "it was measured again; shape or surveyed area changed, the contract area did not",
        ),
        "parcel-split": (
            "地分成了几块，登记的面积加起来跟原来一样",
            "the land was divided; the recorded areas add up to what they were",
        ),
        "parcel-merged": (
            "几块地合成了一块，登记的面积加起来跟原来一样",
            "parcels were joined; the recorded areas add up to what they were",
        ),
        "boundary-adjusted": (
            "跟邻居商量好，挪了共用的界线",
            "the line shared with a neighbour was moved by agreement",
        ),
        "building-recorded": ("院子里的房子登记上了", "the house on the plot was recorded"),
        "contract-divided": (
            "家里商量好分开承包，跟集体重新签了合同",
            "the family agreed to divide the contract and signed new ones with the collective",
        ),
        "contracts-merged": ("两户商量好合成一户承包", "two households agreed to hold their contracts as one"),
        "member-added": ("家里添了人", "a member was added to the household"),
        "member-deceased": ("家里有人去世，记了下来，这户还在", "a member's death was noted; the household goes on"),
        "representative-changed": (
            "换了承包方代表，地和家里人都没动",
            "the representative changed; land and members stayed",
        ),
        "exchanged": ("跟本集体的另一户换了地", "it was exchanged with another household of the collective"),
        "assigned": ("转让给了另一户", "it was assigned to another household"),
        "exited": ("自愿退出，有补偿", "it was given up by choice, against payment"),
        "inherited": ("由继承人接了过去", "it passed to the heirs"),
        "leased": (
            "经营权租了出去，承包的还是原来那户",
            "the operating right was let; the contract stays with the household",
        ),
        "subleased": (
            "经营权转包了出去，承包的还是原来那户",
            "the operating right was sublet; the contract stays with the household",
        ),
        "contributed": (
            "经营权入了股，承包的还是原来那户",
            "the operating right was put in as a share; the contract stays with the household",
        ),
        "operating-ended": ("租出去或入了股的经营权到这天结束", "the operating right that had been let ended"),
        "mortgaged": (
            "经营权做了抵押，承包的还是原来那户",
            "the operating right was mortgaged; the contract stays with the household",
        ),
        "mortgage-discharged": ("抵押解除了", "the mortgage was discharged"),
        "pledged": ("股做了质押，股还是本人的", "the shares were pledged; they stay the holder's"),
        "pledge-discharged": ("股的质押解除了", "the pledge of the shares was discharged"),
        "seized": ("法院查封了，查封期间不能转手", "a court seized it; until lifted it cannot be disposed of"),
        "seizure-lifted": ("法院解封了", "a court lifted the seizure"),
        "objected": (
            "有人提了异议，登记在上面，不影响照常使用",
            "someone registered an objection; use goes on as before",
        ),
        "objection-closed": ("异议注销了", "the objection was closed"),
        "disputed": (
            "有争议，解决以前先不转手、不改界线",
            "it is in dispute; until settled it is not disposed of and no line is moved",
        ),
        "dispute-closed": ("争议解决了，锁定解除", "the dispute was settled and the lock lifted"),
        "handed-back-before-2019": (
            "按2019年以前的法律，自愿交回了集体",
            "it was handed back to the collective by choice, under the law before 2019",
        ),
        "taken-back-before-2019": (
            "按2019年以前的法律，发包方把地要了回去，有当时的凭据",
            "the issuer took the land back under the law before 2019, on a paper of that time",
        ),
        "readjusted": (
            "遇到自然灾害这类特殊情况，经过表决和两级批准，调整了承包地",
            "after a natural disaster or the like the contracted land was readjusted, by vote and two approvals",
        ),
        "expropriated": ("依法征收，按规定给补偿", "it was expropriated by law, against compensation"),
        "extended": ("办了延包，接着承包，人和地都没动", "the contract was extended; holders and land stayed"),
        "extinct": (
            "这户最后一个人去世了，工作人员审核过",
            "the last member of the household died; an officer reviewed it",
        ),
        "land-lost": ("地被自然灾害毁了，工作人员核实过", "nature destroyed the land; an officer reviewed it"),
        "left-without-heir": (
            "没有继承人，归了集体，工作人员审核过",
            "it was left without an heir and went to the collective; an officer reviewed it",
        ),
        "membership-confirmed": (
            "集体开会决议，确认了成员身份",
            "the collective confirmed the membership by resolution",
        ),
        "membership-gained": ("集体开会决议，取得了成员身份", "the collective granted the membership by resolution"),
        "membership-lost": ("出现了规定列明的情形，成员身份没有了", "membership ended on a ground that the rules list"),
        "membership-exited": (
            "本人书面申请、集体同意，自愿退出了成员身份",
            "the person left the collective by written application, with its consent",
        ),
        "shares-allotted": (
            "集体的资产折成股，分到了人",
            "the collective's assets were turned into shares and allotted",
        ),
        "shares-requantified": ("按章程重新算了股", "the shares were counted anew under the charter"),
        "share-transferred": ("股在本集体里转让了", "the shares were transferred inside the collective"),
        "benefit-granted": ("按政策享受上了", "the benefit was granted under its policy"),
        "benefit-adjusted": ("按政策自己的规定调整了", "the benefit was adjusted by its policy's own rule"),
        "benefit-ended": ("按政策自己的规定停了", "the benefit ended by its policy's own rule"),
        "duty-set": ("按规定定下了这项义务", "the duty was set by rule"),
        "duty-changed": ("这项义务按规定改了", "the duty was changed by rule"),
        "certificate-issued": ("发了证，权利没动", "a certificate was issued; the right stayed"),
        "certificate-reissued": ("补发或换发了证，权利没动", "a certificate was reissued; the right stayed"),
        "certificate-cancelled": ("旧证注销了，权利没动", "an old certificate was cancelled; the right stayed"),
    }
)
EVENTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "settled-in-banner": ("户口迁到旗里的镇上", "move of the registration to a town of the banner"),
        "settled-from-outside": (
            "户口从外地迁到旗里的镇上",
            "move of the registration from outside to a town of the banner",
        ),
        "collective-household-joined": ("户口落进集体户", "entry in a collective household register"),
        "registered-first": ("第一次上户口", "first household registration"),
        "placed-rural": ("户口落到农牧区", "registration in the rural area"),
        "hukou-split": ("户口本分开", "split of the household register"),
        "hukou-merged": ("户口本合并", "merger of household registers"),
        "moved-within": ("户口在旗里迁动", "move of the registration within the banner"),
        "moved-out": ("户口迁出本旗", "move of the registration out of the banner"),
        "study-move": ("户口因为上学迁走", "move of the registration for study"),
        "return-move": ("户口迁回来", "return of the registration"),
        "marriage-recorded": ("登记结婚", "record of a marriage"),
        "divorce-recorded": ("登记离婚", "record of a divorce"),
        "hukou-cancelled": ("户口注销", "cancellation of the registration"),
        "type-unified": ("户口统一改成居民户口", "unification of registration types"),
        "permit-issued": ("领居住证", "issue of a residence permit"),
        "permit-endorsed": ("居住证签注", "endorsement of a residence permit"),
        "permit-suspended": ("居住证停用", "suspension of a residence permit"),
        "permit-lapsed": ("居住证失效", "lapse of a residence permit"),
        "identity-corrected": ("更正身份信息", "correction of identity details"),
        "identity-merged": ("合并重复的身份", "merger of duplicate identities"),
        "birth-registered": ("登记出生", "registration of a birth"),
        "adoption-registered": ("登记收养", "registration of an adoption"),
        "residence-recorded": ("登记实际住处", "record of the actual residence"),
        "particulars-recorded": ("登记民族、文化程度", "record of nationality and education"),
        "hukou-restored": ("恢复户口", "restoration of the registration"),
        "event-cancelled": ("撤销一件户口上的事", "cancellation of a household event"),
    }
)
VERDICTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "unchanged": ("没变", "unchanged"),
        "changed lawfully": ("依法变更", "changed lawfully"),
    }
)
LEFT_OUT: Final[Words] = (
    "没有比的：地里的实际情况，还有第一次登记时漏掉的人和地。没登记上不等于没有权利；漏了您，可以申请漏登补登。",
    "What is not compared: the situation on the ground, and people or land left out at the first registration. "
    "Not being recorded does not mean having no right; whoever was left out may apply to be added.",
)
"""The sentence without which no paper says that something is not registered."""
SAID: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "genuine": ("真", "Genuine"),
        "false": ("不是真的", "Not genuine"),
        "undecided": ("查不了", "Can't be decided here"),
        "ended": ("已经终止", "ended"),
        "will": ("有书面同意的凭据", "a recorded will stands behind it"),
        "alone": (
            "只证明了这条登记本身，家里人名单、地块或限制没有全附上",
            "this record alone: the members, parcels or burdens that it rests on are not all here",
        ),
        "nameless": (
            "姓名没有附上，只证明下面的登记；是谁的，看纸上盖的章",
            "no name is told: whose it is, the seal on paper says",
        ),
        "uncosigned": ("没有监督签名", "nobody cosigned"),
        "unproved": (
            "没有证明的：登记的内容当初对不对，这一刻以后的事。",
            "Not proved: that what was registered was right at first, anything after that moment.",
        ),
        "left-out": LEFT_OUT,
        "cosigned": (
            "仅证明：截至此处，户籍类事件未改动任何权利，权利的每次变更都有公开清单上的原因（规则 P1 至 P6）；不证明登记内容真实",
            "rules P1 to P6 held for every leaf up to this size: no household-status event changed a right, and every change has a "
            "cause on the public list; not that the register is true",
        ),
        "statement": (
            "这是权益保留证明：验的是附在里面的证明。上面其他的字可以被人改，以这里说的为准。",
            "A retained-rights statement: the certificate inside was verified. Its other words can be altered; what is said here "
            "counts.",
        ),
        "no-proof": (
            "这份权益保留证明没有附证明，只是登记机构自己说的：账本公布以后请它再出一份(sanquan statement --out)",
            "no certificate is attached to this statement, it is the registry's own word alone: ask for one made after the log was "
            "published (sanquan statement --out)",
        ),
        "differs": ("它自己写的结论，和证明的不一样", "the verdict that it claims is not the one that is proved"),
    }
)
"""What every verifier says in the same words, by occasion."""
