"""Short forms that people type, and what they stand for.

Keys are folded (lower case, no accents). Only forms with one reading in questions to this assistant are expanded; «dk» may be
«điều kiện» or «đăng ký», so it stands for both and the index decides. A token typed with accents is looked up only where đ is
the whole accent («đc», «NĐ», «sđt»): «đã» is never taken for «da».
"""

from __future__ import annotations

from knowledge.vietnamese import fold_syllable

_AWARD = """
gtclqg=giải thưởng chất lượng quốc gia; gtcl=giải thưởng chất lượng; clqg=chất lượng quốc gia; nqa=giải thưởng chất lượng quốc gia
vnqa=giải thưởng chất lượng quốc gia; khcn=khoa học và công nghệ; bkhcn=bộ khoa học và công nghệ; skhcn=sở khoa học và công nghệ
kh cn=khoa học và công nghệ; tcdlcl=tiêu chuẩn đo lường chất lượng; ubnd=ủy ban nhân dân; hdnd=hội đồng nhân dân
hdst=hội đồng sơ tuyển; hdqg=hội đồng quốc gia; sxkd=sản xuất kinh doanh; sx=sản xuất; kd=kinh doanh; htx=hợp tác xã
dnnvv=doanh nghiệp nhỏ và vừa; dnvvn=doanh nghiệp nhỏ và vừa; vsattp=vệ sinh an toàn thực phẩm; attp=an toàn thực phẩm
bhxh=bảo hiểm xã hội; gpkd=giấy phép kinh doanh; gcn=giấy chứng nhận; csdl=cơ sở dữ liệu; dn=doanh nghiệp; cty=công ty
tnhh=trách nhiệm hữu hạn; sp=sản phẩm; spham=sản phẩm; hh=hàng hóa; hs=hồ sơ; hso=hồ sơ; hd=hội đồng; bc=báo cáo; tt=thông tư
nd=nghị định; qd=quyết định; kq=kết quả; kp=kinh phí; tgian=thời gian; tg=thời gian; dky=đăng ký; dki=đăng ký; dkien=điều kiện
dk=điều kiện đăng ký; ycau=yêu cầu; yc=yêu cầu; cl=chất lượng; qg=quốc gia; thg=thưởng; lg=lượng; vn=việt nam; hn=hà nội
ql=quản lý; qly=quản lý; qtr=quản trị; tc=tiêu chí; dg=đánh giá
"""
_CHAT = """
ko=không; k=không; kh=không; kg=không; khg=không; hok=không; hong=không; hem=không; khum=không; dc=được; bn=bao nhiêu
bnhieu=bao nhiêu; nhiu=nhiêu; bh=bao giờ; bjo=bao giờ; bgio=bao giờ; ntn=như thế nào; tn=thế nào; lm=làm; mn=mọi người
mng=mọi người; ng=người; nv=nhân viên; j=gì; ji=gì; z=vậy; zay=vậy; v=vậy; r=rồi; oy=rồi; trc=trước; ns=nói; nm=năm
dt=điện thoại; sdt=số điện thoại; dchi=địa chỉ; tks=cảm ơn; thks=cảm ơn; thx=cảm ơn; cmon=cảm ơn; wa=quá; bik=biết; nx=nữa
cx=cũng; cug=cũng; ms=mới; trg=trong; vs=với; đt=điện thoại
"""


def _table(*texts: str) -> dict[str, tuple[str, ...]]:
    pairs = (pair.split("=") for text in texts for pair in text.replace("\n", ";").split(";") if "=" in pair)
    return {short.strip(): tuple(long.split()) for short, long in pairs}


SHORT_FORMS = _table(_AWARD, _CHAT)


def expand(tokens: list[str]) -> list[str]:
    """The tokens with short forms written out: [«bn», «điểm»] → [«bao», «nhiêu», «điểm»]."""
    out: list[str] = []
    for token in tokens:
        plain = fold_syllable(token)
        accented = token.replace("đ", "d") != plain
        out.extend([token] if accented else SHORT_FORMS.get(plain, (token,)))
    return out
