"""What people type in the eligibility check and what it is taken for; read against 22 November 2026.

Values are written short: a day or «first..last» for days, «least..mostM» for months gone by, «=» first where the item is the one
asked for. An empty reading means that nothing is taken, so that the form asks again.
"""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.eligibility.extraction import extract, is_cancel, is_correction, is_question, read
from actions.eligibility.mentions import Compliance, Legal, Mention, Value
from actions.eligibility.spelling import plain
from knowledge.eligibility import Item
from knowledge.months import DayRange, Duration
from knowledge.vietnamese import fold

TODAY = date(2026, 11, 22)

LEGAL = [
    ("dạ rồi ạ, bên em có đăng ký kinh doanh từ hồi 2017", "legal=yes; operating=2017-01-01..2017-12-31"),
    ("dạ em có giấy CN ĐKDN", "=yes"),
    ("thế còn Giải Vàng?", ""),
    ("còn thiếu giấy phép", "=no"),
    ("vậy còn giải bạc thì sao", ""),
    ("đang xin giấy đăng ký kinh doanh", "=no"),
    ("bên em đang chờ cấp giấy phép", "=no"),
    ("mới nộp hồ sơ xin giấy phép thôi", "=no"),
    ("sắp có giấy phép", "=no"),
    ("tháng sau mới có giấy phép", "=no"),
    ("chưa ra giấy phép", "=no"),
    ("đang trong quá trình thành lập", "=no"),
    ("đăng ký rồi nhưng chưa nhận được giấy", "=no"),
    ("đang xin cấp lại giấy phép", ""),
    ("đang có giấy phép", "=yes"),
    ("công ty đang kinh doanh hợp pháp", "=yes"),
    ("tụi mình là startup chưa đăng ký gì hết", "=no"),
    ("công ty cổ phần sữa ABC nhé", "=yes company"),
    ("hộ KD thôi à", "=- household"),
    ("ừ có", "=yes"),
    ("chưa đâu", "=no"),
    ("có nha em", "=yes"),
    ("công ty trách nhiệm hữu hạn", "=yes company"),
    ("DN tư nhân, có giấy phép kinh doanh", "=yes private"),
    ("doanh nghiệp nhà nước", ""),
    ("là htx nông nghiệp thành lập 2016", "legal=yes company; operating=2016-01-01..2016-12-31"),
    ("chưa thành lập cty, mới là hộ kinh doanh", "=no household"),
    ("vẫn chưa", "=no"),
    ("em hok rõ lắm", "=not_known"),
    ("có, doanh nghiệp cổ phần", "=yes company"),
    ("Dạ công ty em đã đăng ký kinh doanh đầy đủ rồi ạ", "=yes"),
    ("có giấy chứng nhận đăng ký doanh nghiệp", "=yes"),
    ("da co giay phep", "=yes"),
    ("roi a", "=yes"),
    ("cty tnhh 2 tv", "=yes company"),
    ("là chi nhánh của công ty mẹ ở Hàn Quốc", "=- branch"),
    ("dạ, thành lập hợp pháp từ 2014", "legal=yes; operating=2014-01-01..2014-12-31"),
    ("có rồi em, cty cổ phần, lên sàn luôn rồi", "=yes company"),
    ("dạ có", "=yes"),
    ("dạ có ạ", "=yes"),
    ("ko", "=no"),
    ("chưa ạ", "=no"),
    ("rồi ạ", "=yes"),
    ("vâng", "=yes"),
    ("dạ", "=yes"),
    ("có giấy phép đầy đủ", "=yes"),
    ("co gpkd roi", "=yes"),
    ("công ty TNHH, thành lập năm 2019", "legal=yes company; operating=2019-01-01..2019-12-31"),
    ("cty cổ phần ạ", "=yes company"),
    ("hộ kinh doanh", "=- household"),
    ("hộ kinh doanh cá thể thôi ạ", "=- household"),
    ("chi nhánh của tập đoàn nước ngoài", "=- branch"),
    ("chưa có giấy phép", "=no"),
    ("đang làm giấy phép", "=no"),
    ("không rõ", "=not_known"),
    ("k bit", "=not_known"),
    ("có, từ 2019", "legal=yes; operating=2019-01-01..2019-12-31"),
    ("ok", "=yes"),
    ("đúng rồi", "=yes"),
    ("dung roi", "=yes"),
    ("dung", "=yes"),
    ("yes", "=yes"),
    ("dạ rồi, có giấy chứng nhận đăng ký doanh nghiệp", "=yes"),
    ("hợp tác xã, đăng ký năm 2015", "legal=yes company; operating=2015-01-01..2015-12-31"),
    ("DNTN", "=yes private"),
    ("chắc là có", "=yes"),
    ("thì có", "=yes"),
    (
        "dạ có giấy phép, mở được 5 năm, bán hàng 8 tháng rồi, chưa đạt giải nào hết",
        "legal=yes; operating=60..71M; product=8..8M; last_prize=none",
    ),
    ("công ty em là TNHH 2 thành viên, hoạt động hơn 3 năm rồi ạ", "legal=yes company; operating=36..47M"),
    ("thành lập rồi", "=yes"),
    ("thành lập năm 2020", "operating=2020-01-01..2020-12-31"),
    ("chưa thành lập", "=no"),
    ("đầy đủ giấy tờ", "=yes"),
    ("giấy tờ đầy đủ hết", "=yes"),
    ("có chứ", "=yes"),
    ("không có", "=no"),
    ("chưa, đang xin giấy phép", "=no"),
    ("mình đăng ký kinh doanh rồi", "=yes"),
    ("tụi em là hộ kinh doanh thôi nhưng có giấy phép", "=yes household"),
    ("hợp pháp", "=yes"),
    ("không hợp pháp", "=no"),
    ("công ty mẹ ở Nhật, chi nhánh tại Việt Nam", "=- branch"),
    ("công ty", "=yes company"),
    ("dạ công ty TNHH MTV ạ", "=yes company"),
    ("công ty em chưa có tư cách pháp nhân", "=- no-person"),
    ("có tư cách pháp nhân", "=yes person"),
    ("hơn 3 năm rồi", "operating=36..47M"),
    ("công ty em hoạt động hơn 3 năm rồi ạ", "operating=36..47M"),
    ("có sản phẩm bán 2 năm rồi", "product=24..35M"),
    ("dạ em có đầy đủ", "=yes"),
    ("dạ thưa có", "=yes"),
    ("chắc chắn rồi", "=yes"),
    ("tất nhiên", "=yes"),
    ("uk", "=yes"),
    ("uhm", "=yes"),
    ("r", "=yes"),
    ("rồi nha", "=yes"),
    ("cty e có giấy phép kd rồi á", "=yes"),
    ("hok có", "=no"),
    ("giấy phép hết hạn rồi", "=no"),
    ("em không biết nữa", "=not_known"),
    ("công ty có vốn nước ngoài", ""),
    ("có, nhưng là chi nhánh", "=yes branch"),
    ("có đăng ký đàng hoàng", "=yes"),
    ("có mà", "=yes"),
    ("dạ đủ hết ạ", "=yes"),
    ("đã thành lập", "=yes"),
    ("yes, established in 2018", "legal=yes; operating=2018-01-01..2018-12-31"),
]

OPERATING = [
    ("mới khai trương hồi tháng 8 năm nay", "=2026-08-01..2026-08-31"),
    ("Cty mình chạy được gần 4 năm rồi đó", "=42..47M"),
    ("khoảng 3 năm rưỡi", "=39..45M"),
    ("bắt đầu từ quý I/2021", "=2021-01-01..2021-03-31"),
    ("18 tháng thôi anh ơi", "=18..18M"),
    ("tầm 2-3 năm gì đó", "=24..47M"),
    ("đầu tháng 6 năm 2023", "=2023-06-01..2023-06-10"),
    ("tụi em làm từ năm 2009 lận", "=2009-01-01..2009-12-31"),
    ("ngày 03 tháng 02 năm 2020", "=2020-02-03"),
    ("ra đời năm 1998", "=1998-01-01..1998-12-31"),
    ("cỡ 40 tháng", "=36..44M"),
    ("qua 3 năm rồi", "=36..47M"),
    ("gan duoc 3 nam a", "=30..35M"),
    ("hơn 1 năm nhưng chưa tới 2 năm", "=0..23M"),
    ("4 năm, nhưng giữa chừng ngưng hoạt động mất nửa năm", "operating=48..59M; operating=paused"),
    ("em cũng không nhớ chính xác lắm", "=not_known"),
    ("3 năm 1 tháng", "=37..37M"),
    ("hai năm tám tháng", "=32..32M"),
    ("hơn hai chục năm", "=240..M"),
    ("5 nam le", "=60..71M"),
    ("từ giữa 2023 tới nay", "=2023-05-01..2023-08-31"),
    ("hồi tháng chạp năm ngoái", "=2025-12-01..2025-12-31"),
    ("22-11-2023", "=2023-11-22"),
    ("1/2024", "=2024-01-01..2024-01-31"),
    ("tháng giêng 2020", "=2020-01-01..2020-01-31"),
    ("từ trước năm 2000", "=..1999-12-31"),
    ("cách nay 4 năm", "=48..59M"),
    ("công ty có mặt ở Việt Nam từ 2005", "=2005-01-01..2005-12-31"),
    ("hơn 24 tháng", "=24..28M"),
    ("hoạt động chưa lâu, khoảng 10 tháng", "=9..11M"),
    ("chắc chắn trên 36 tháng", "=36..42M"),
    ("từ 15/06/2020, có nghỉ dịch 4 tháng", "operating=2020-06-15; operating=paused"),
    ("cũng gần chục năm", "=114..119M"),
    ("hoạt động hơn 3 năm, chưa nghỉ ngày nào", "=36..47M"),
    ("công ty thành lập 2010 nhưng đổi tên 2022", "=2010-01-01..2010-12-31"),
    ("2021, chính xác là tháng 9", "=2021-09-01..2021-09-30"),
    ("hon 3 nam roi", "=36..47M"),
    ("tu thang 3/2022", "=2022-03-01..2022-03-31"),
    ("tới nay được 34 tháng", "=34..34M"),
    ("gần 3 năm, chắc 34 tháng", "=34..34M"),
    ("từ 10/2023", "=2023-10-01..2023-10-31"),
    ("từ ngày 23 tháng 11 năm 2023", "=2023-11-23"),
    ("khoảng 3 năm", "=30..42M"),
    ("thành lập 12/2023 nhưng hoạt động từ 3/2024", "=2024-03-01..2024-03-31"),
    ("đúng 3 năm tính đến hôm nay", "=36..36M"),
    ("vừa tròn 36 tháng", "=36..36M"),
    ("35 tháng rưỡi", "=35..35M"),
    ("2 nam ruoi", "=30..30M"),
    ("được ba năm bốn tháng", "=40..40M"),
    ("từ năm 2022 nhưng không nhớ tháng", "=2022-01-01..2022-12-31"),
    ("cuối năm 2023, hình như tháng 11", "=2023-11-01..2023-11-30"),
    ("thành lập 15 năm", "=180..191M"),
    ("thành lập 2019 sản phẩm bán từ 2020", "operating=2019-01-01..2019-12-31; product=2020-01-01..2020-12-31"),
    ("3 năm 0 tháng", "=36..36M"),
    ("tháng 11 năm 2023 nhưng không nhớ ngày", "=2023-11-01..2023-11-30"),
    ("hồi covid", ""),
    ("từ ngày thành lập là 5/5/2018", "=2018-05-05"),
    ("hơn 3 năm rồi", "=36..47M"),
    ("từ tháng 3/2022", "=2022-03-01..2022-03-31"),
    ("khoảng 14 tháng", "=13..15M"),
    ("2 năm rưỡi", "=30..30M"),
    ("năm ngoái", "=2025-01-01..2025-12-31"),
    ("đúng 36 tháng tính tới hôm nay", "=36..36M"),
    ("12/05/2021", "=2021-05-12"),
    ("mới được 8 tháng", "=8..8M"),
    ("cỡ năm rưỡi", "=16..20M"),
    ("không nhớ", "=not_known"),
    ("không nhớ rõ, khoảng 2019", "=2019-01-01..2019-12-31"),
    ("2019", "=2019-01-01..2019-12-31"),
    ("thành lập 2019", "=2019-01-01..2019-12-31"),
    ("gần 3 năm", "=30..35M"),
    ("chưa hoạt động", "=2026-11-23.."),
    ("được 5 năm rồi nhưng có tạm ngưng 6 tháng hồi dịch", "operating=60..71M; operating=paused"),
    ("hiện tại được 3 năm", "=36..47M"),
    ("từ 2019 đến nay", "=2019-01-01..2019-12-31"),
    ("2023 hoặc 2024", "=2023-01-01..2024-12-31"),
    ("8 tháng thôi", "=8..8M"),
    ("hoạt động 5 năm, bán hàng 8 tháng", "operating=60..71M; product=8..8M"),
    ("thời gian thì 3 năm", "=36..47M"),
    ("bỏ qua", "=not_known"),
    ("since March 2022", "=2022-03-01..2022-03-31"),
    ("5 years", "=60..71M"),
    ("tính đến nay là được 4 năm rồi ạ", "=48..59M"),
    ("cũng tầm 4 5 năm gì đó", "=48..71M"),
    ("cty em mở cũng lâu rồi, chắc hơn 10 năm", "=120..M"),
    ("đâu đó 30 tháng", "=30..30M"),
    ("ba năm rưỡi", "=42..42M"),
    ("3 nam 6 thang", "=42..42M"),
    ("công ty thành lập ngày 15/8/2023", "=2023-08-15"),
    ("15-08-2023 nha", "=2023-08-15"),
    ("tháng 11/2023", "=2023-11-01..2023-11-30"),
    ("từ tháng 11 năm 2023", "=2023-11-01..2023-11-30"),
    ("bắt đầu hoạt động tháng 12 năm 2023", "=2023-12-01..2023-12-31"),
    ("giấy phép cấp ngày 22/11/2023", "legal=yes; operating=2023-11-22"),
    ("mới thành lập", ""),
    ("mới mở năm nay", "=2026-01-01..2026-11-22"),
    ("hồi đầu 2022", "=2022-01-01..2022-04-30"),
    ("khoảng giữa năm 2023", "=2023-05-01..2023-08-31"),
    ("cuối năm 2023", "=2023-09-01..2023-12-31"),
    ("thành lập cách đây 3 năm", "=36..47M"),
    ("hơn ba năm một chút", "=36..47M"),
    ("3 năm mấy", "=36..47M"),
    ("gần tròn 36 tháng", "=33..35M"),
    ("chưa tới 3 năm", "=0..35M"),
    ("thiếu 1 tháng nữa là tròn 3 năm", "=2023-12-07..2024-01-06"),
    ("còn 2 tháng nữa mới đủ 3 năm", "=2024-01-07..2024-02-06"),
    ("2 tháng nữa là đủ 3 năm", "=2024-01-07..2024-02-06"),
    ("trên 5 năm", "=60..71M"),
    ("ít nhất 4 năm", "=48..M"),
    ("cả chục năm rồi", "=120..131M"),
    ("mấy năm rồi", "=24..119M"),
    ("lâu lắm rồi", ""),
    ("năm 2015 ạ", "=2015-01-01..2015-12-31"),
    ("2k19", "=2019-01-01..2019-12-31"),
    ("cũng mới đây", ""),
    ("thành lập 2019 nhưng 2021 mới hoạt động", "=2021-01-01..2021-12-31"),
    ("thành lập 2019, đến 2021 mới hoạt động", "=2021-01-01..2021-12-31"),
    ("1 năm", "=12..23M"),
    ("36", ""),
    ("đk kd năm 2018", "legal=yes; operating=2018-01-01..2018-12-31"),
    ("hđ đc 5 năm", "=60..71M"),
    ("hd dc 5 nam r a", "=60..71M"),
    ("cty mk hđ từ 2018 lận", "=2018-01-01..2018-12-31"),
    ("5 năm rồi bạn ơi", "=60..71M"),
    ("dạ công ty hoạt động tại Việt Nam từ năm 2016 ạ", "=2016-01-01..2016-12-31"),
    ("tháng ba năm ngoái", "=2025-03-01..2025-03-31"),
    ("từ quý 3 năm 2021", "=2021-07-01..2021-09-30"),
    ("không biết nữa", "=not_known"),
    ("để em hỏi lại kế toán", "=not_known"),
    ("cty hoạt động hơn 3 năm, sản phẩm thì mới 10 tháng", "operating=36..47M; product=10..10M"),
    ("dạ 5", ""),
    ("hoạt động liên tục từ 2018 không gián đoạn", "=2018-01-01..2018-12-31"),
    ("từ 2018, nghỉ dịch mất 1 năm", "operating=2018-01-01..2018-12-31; operating=paused"),
    ("2018 nhưng có tạm ngừng kinh doanh năm 2021", "operating=2018-01-01..2018-12-31; operating=paused"),
    ("năm 2020 tới 2022 thì nghỉ, hoạt động từ 2017", "operating=2017-01-01..2017-12-31; operating=paused"),
    ("từ ngày 29/2/2024", "=2024-02-29"),
    ("30/02/2024", ""),
    ("khoảng tháng 10 hoặc tháng 11 năm 2023", "=2023-10-01..2023-11-30"),
    ("tầm cuối 2023 đầu 2024", "=2023-09-01..2024-04-30"),
    ("từ 2023", "=2023-01-01..2023-12-31"),
    ("đầu năm 2023", "=2023-01-01..2023-04-30"),
    ("cuối tháng 11/2023", "=2023-11-21..2023-11-30"),
    ("giữa tháng 11 năm 2023", "=2023-11-11..2023-11-20"),
    ("công ty hoạt động từ tháng 5", "=2026-05-01..2026-05-31"),
    ("ngày 5 tháng 5", "=2026-05-05"),
    ("5/5", "=2026-05-05"),
    ("hồi tết năm ngoái", "=2025-01-01..2025-02-28"),
    ("trước 2020", "=..2019-12-31"),
    ("sau năm 2020", "=2021-01-01..2026-11-22"),
    ("hơn 36 tháng", "=36..42M"),
    ("36 tháng", "=36..36M"),
    ("35 tháng", "=35..35M"),
    ("3 năm", "=36..47M"),
    ("tròn 3 năm", "=36..36M"),
    ("chắc cũng 3 năm", "=36..47M"),
    ("3 năm gì đó", "=30..42M"),
    ("3 nam hon", "=36..47M"),
    ("được 2 năm 11 tháng", "=35..35M"),
    ("2 năm 11 tháng 20 ngày", "=35..35M"),
    ("không dưới 3 năm", "=36..M"),
    ("không quá 3 năm", "=0..36M"),
    ("chưa đủ 3 năm", "=0..35M"),
    ("đủ 3 năm rồi", "=36..M"),
    ("chưa được bao lâu", ""),
    ("à tháng 4/2022 mới đúng", "=2022-04-01..2022-04-30"),
    ("hon 5 nam", "=60..71M"),
    ("tu nam 2019", "=2019-01-01..2019-12-31"),
    ("tu 5/2020 den gio", "=2020-05-01..2020-05-31"),
    ("từ hồi 2018 tới giờ luôn", "=2018-01-01..2018-12-31"),
    ("bắt đầu từ 1/1/2020", "=2020-01-01"),
    ("01.01.2020", "=2020-01-01"),
    ("20/11/2023", "=2023-11-20"),
    ("23/11/2023", "=2023-11-23"),
    ("từ 22/11/2023", "=2023-11-22"),
    ("thành lập tháng 9 năm kia", "=2024-09-01..2024-09-30"),
    ("được 4 năm 3 tháng", "=51..51M"),
    ("mở 2 năm rồi anh", "=24..35M"),
    ("ngót nghét 3 năm", "=30..35M"),
    ("xấp xỉ 36 tháng", "=32..40M"),
    ("36 tháng hơn", "=36..42M"),
    ("hơn 2 năm rưỡi", "=30..35M"),
    ("hai mươi năm", "=240..251M"),
    ("mười hai tháng", "=12..12M"),
    ("một năm rưỡi", "=18..18M"),
    ("hồi cuối năm ngoái", "=2025-09-01..2025-12-31"),
    ("đầu năm nay", "=2026-01-01..2026-04-30"),
    ("tháng trước", "=2026-10-01..2026-10-31"),
    ("6 tháng trước", "=6..6M"),
    ("quý 4 năm 2023", "=2023-10-01..2023-12-31"),
    ("năm 2023, tháng 10", "=2023-10-01..2023-10-31"),
    ("khoảng năm 2020", "=2020-01-01..2020-12-31"),
    ("đâu cỡ 2020 2021", "=2020-01-01..2021-12-31"),
    ("trước năm 2019", "=..2018-12-31"),
    ("từ thời 1995", "=1995-01-01..1995-12-31"),
    ("cuối 2023", "=2023-09-01..2023-12-31"),
    ("hoạt động từ lâu", ""),
    ("10 năm có lẻ", "=120..131M"),
    ("chưa đến 2 năm", "=0..23M"),
    ("không tới 1 năm", "=0..11M"),
    ("tối thiểu 5 năm", "=60..M"),
    ("dạ mới thành lập tháng 6 vừa rồi", "=2026-06-01..2026-06-30"),
    ("hồi tháng 6", "=2026-06-01..2026-06-30"),
    ("dưới 3 năm", "=0..35M"),
    (
        "công ty được thành lập từ năm 1990 nhưng cổ phần hoá 2015",
        "legal=yes company; operating=1990-01-01..1990-12-31",
    ),
    ("sp bán 14 tháng", "product=14..14M"),
    ("mới có 8 tháng thôi", "=8..8M"),
    ("cám ơn", ""),
    ("chờ em chút", ""),
    ("xin chào", ""),
]

PRODUCT = [
    ("lên kệ siêu thị từ tháng 7/2025", "=2025-07-01..2025-07-31"),
    ("cũng được hơn chục tháng rồi", "=10..11M"),
    ("bán từ hồi tết năm ngoái", "=2025-01-01..2025-02-28"),
    ("sản phẩm mới, chưa tung ra", "=2026-11-23.."),
    ("tháng 10 năm 2025 bắt đầu giao hàng", "=2025-10-01..2025-10-31"),
    ("được 6 tháng", "=6..6M"),
    ("bán online 15 tháng nay", "=15..15M"),
    ("gần 2 năm", "=18..23M"),
    ("ko rõ nữa", "=not_known"),
    ("bên mình cung cấp dịch vụ kiểm định", "=only_services"),
    ("bán ra từ tháng 1/2024 đến nay", "=2024-01-01..2024-01-31"),
    ("mới bán hồi tháng 9", "=2026-09-01..2026-09-30"),
    ("hơn một năm tí", "=12..23M"),
    ("một năm rưỡi rồi", "=18..18M"),
    ("chưa đầy năm", "=0..11M"),
    ("12 tháng hơn", "=12..14M"),
    ("gần tròn năm", "=9..11M"),
    ("sản phẩm này tụi em bán cùng lúc thành lập công ty", "=same_as_operating"),
    ("đã có trên thị trường 3 năm nay", "=36..47M"),
    ("mới xuất khẩu được vài tháng", "=2..9M"),
    ("chưa thương mại hoá", "=2026-11-23.."),
    ("đầu năm nay", "=2026-01-01..2026-04-30"),
    ("hơn 12 tháng rồi ạ", "=12..14M"),
    ("đúng 1 năm", "=12..12M"),
    ("khoảng 14 tháng", "=13..15M"),
    ("mới 8 tháng", "=8..8M"),
    ("mới có nửa năm à", "=6..6M"),
    ("từ quý 3 năm ngoái", "=2025-07-01..2025-09-30"),
    ("bán ra thị trường từ 11/2025", "=2025-11-01..2025-11-30"),
    ("sản phẩm bán từ tháng 12 năm ngoái", "=2025-12-01..2025-12-31"),
    ("ban tu dau nam ngoai", "=2025-01-01..2025-04-30"),
    ("tháng 5/2026 mới bán", "=2026-05-01..2026-05-31"),
    ("mới từ tháng 3", "=2026-03-01..2026-03-31"),
    ("từ tháng 3 tới giờ", "=2026-03-01..2026-03-31"),
    ("hơn 2 tháng", "=2..2M"),
    ("từ đầu năm ngoái", "=2025-01-01..2025-04-30"),
    ("bán được 14 tháng", "=14..14M"),
    ("chưa bán", "=2026-11-23.."),
    ("chưa ạ", "=2026-11-23.."),
    ("từ lúc thành lập luôn", "=same_as_operating"),
    ("tháng 6 năm nay", "=2026-06-01..2026-06-30"),
    ("bên em làm dịch vụ", "=only_services"),
    ("vài tháng", "=2..9M"),
    ("khoảng 1 năm", "=9..15M"),
    ("gan 1 nam", "=9..11M"),
    ("nước mắm, bán từ 2020", "=2020-01-01..2020-12-31"),
    ("14 months", "=14..14M"),
    ("tung ra thị trường tháng 2 năm ngoái", "=2025-02-01..2025-02-28"),
    ("mới ra mắt 3 tháng trước", "=3..3M"),
    ("có mặt trên thị trường từ 2019", "=2019-01-01..2019-12-31"),
    ("bán chạy lắm, 2 năm rồi", "=24..35M"),
    ("hàng bán được hơn năm rồi", "=12..23M"),
    ("hơn năm nay", "=12..23M"),
    ("hơn 1 năm", "=12..23M"),
    ("gần năm", "=9..11M"),
    ("nửa năm", "=6..6M"),
    ("đang sản xuất thử, chưa bán ra ngoài", "=2026-11-23.."),
    ("sp này chưa lưu hành", "=2026-11-23.."),
    ("tháng trước", "=2026-10-01..2026-10-31"),
    ("tuần trước", "=2026-11-09..2026-11-21"),
    ("đúng 12 tháng tính tới ngày đăng ký", "=12..12M@reg"),
    ("11 tháng", "=11..11M"),
    ("phần mềm, 2 năm", "=24..35M"),
    ("gạo ST25 bán từ 2021", "=2021-01-01..2021-12-31"),
    ("tôm đông lạnh xuất khẩu năm 2018", "=2018-01-01..2018-12-31"),
    ("sữa chua bán từ 2019", "=2019-01-01..2019-12-31"),
    ("vận tải, dịch vụ logistics", "=only_services"),
    ("bán từ ngày công ty mở cửa", "=same_as_operating"),
    ("công ty mở 5 năm, sản phẩm cũng vậy", "operating=60..71M; product=same_as_operating"),
    ("hơn tháng", "=1..1M"),
    ("bán được 1 năm 2 tháng", "=14..14M"),
    ("mới có 5 tháng thôi", "=5..5M"),
    ("11 tháng mấy", "=11..11M"),
    ("gần 12 tháng", "=11..11M"),
    ("12 tháng", "=12..12M"),
    ("một năm", "=12..23M"),
    ("chục tháng", "=10..10M"),
    ("mới bán tuần trước", "=2026-11-09..2026-11-21"),
    ("đã bán hơn 20 năm", "=240..M"),
    ("không nhớ, chắc 2 năm", "=24..35M"),
    ("sản phẩm mới hoàn toàn", ""),
    ("lúa gạo, cung ứng ra thị trường từ năm 2012", "=2012-01-01..2012-12-31"),
    ("chưa có bán", "=2026-11-23.."),
    ("chưa ra thị trường", "=2026-11-23.."),
    ("mới đưa ra thị trường đầu năm nay", "=2026-01-01..2026-04-30"),
    ("bán lâu rồi, từ 2010", "=2010-01-01..2010-12-31"),
    ("12 tháng rưỡi", "=12..12M"),
    ("11 tháng 20 ngày", "=11..11M"),
    ("tháng 11 năm ngoái", "=2025-11-01..2025-11-30"),
    ("22/11/2025", "=2025-11-22"),
    ("23/11/2025", "=2025-11-23"),
    ("tròn 1 năm hôm nay", "=12..12M"),
    ("đc 1 năm", "=12..23M"),
    ("1 nam 2 thang", "=14..14M"),
    ("hơn 12 tháng", "=12..14M"),
    ("chưa được 1 năm", "=0..11M"),
    ("năm ngoái", "=2025-01-01..2025-12-31"),
    ("cuối năm ngoái", "=2025-09-01..2025-12-31"),
    ("giữa năm ngoái", "=2025-05-01..2025-08-31"),
    ("cùng lúc với công ty", "=same_as_operating"),
    ("giống công ty, từ 2019", "=2019-01-01..2019-12-31"),
    ("dịch vụ du lịch thôi", "=only_services"),
    ("k nhớ rõ", "=not_known"),
]

COMPLIANCE = [
    ("bên em chưa bị phạt bao giờ", "=yes"),
    ("tháng trước vừa bị phạt về nhãn hàng hóa", "=- violated 2026-10-01..2026-10-31"),
    ("có vi phạm về thuế hồi 2022", "=- violated 2022-01-01..2022-12-31"),
    ("hoàn toàn tuân thủ", "=yes"),
    ("đang bị tạm đình chỉ sản xuất", "=no"),
    ("chắc không có gì", "=yes"),
    ("dạ hông", "=no"),
    ("dạ vâng ạ", "=yes"),
    ("không có vi phạm", "=yes"),
    ("không hề vi phạm pháp luật", "=yes"),
    ("có chấp hành nhưng từng bị nhắc nhở", "=- violated ?"),
    ("năm 2023 bị xử phạt 20 triệu", "=- violated 2023-01-01..2023-12-31"),
    ("ok, tuân thủ hết", "=yes"),
    ("chưa bị gì", "=yes"),
    ("bị thu hồi giấy phép", "legal=no; compliance=no"),
    ("chấp hành tốt, không vi phạm", "=yes"),
    ("có, chưa bị xử phạt lần nào", "=yes"),
    ("chấp hành đầy đủ pháp luật", "=yes"),
    ("ko vi pham gi", "=yes"),
    ("năm ngoái bị phạt vì xả thải", "=- violated 2025-01-01..2025-12-31"),
    ("đang bị cơ quan thuế xử phạt", "=no"),
    ("từng bị phạt hành chính", "=- violated ?"),
    ("có vi phạm, đang bị đình chỉ hoạt động", "=no violated ?"),
    ("chấp hành", "=yes"),
    ("có vi phạm an toàn thực phẩm cách đây 2 năm", "=- violated 2023-11-23..2024-11-22"),
    ("có", "=yes"),
    ("dạ chấp hành tốt", "=yes"),
    ("không vi phạm gì", "=yes"),
    ("chưa bị phạt lần nào", "=yes"),
    ("bị phạt môi trường năm kia", "=- violated 2024-01-01..2024-12-31"),
    ("ko", "=no"),
    ("đang bị đình chỉ", "=no"),
    ("không có vấn đề gì", "=yes"),
    ("có chấp hành đầy đủ ạ", "=yes"),
    ("từng bị phạt thuế năm 2024 nhưng nộp xong rồi", "=- violated 2024-01-01..2024-12-31"),
    ("chưa rõ", "=not_known"),
    ("không, chưa bị phạt lần nào", "=yes"),
    ("có, không vi phạm gì hết", "=yes"),
    ("chưa chấp hành tốt", "=no"),
    ("dạ đầy đủ", "=yes"),
    ("đang nợ thuế", "=- violated ?"),
    ("chấp hành nghiêm chỉnh", "=yes"),
    ("tuân thủ đầy đủ, chưa bị xử phạt", "=yes"),
    ("năm ngoái bị phạt thuế", "=- violated 2025-01-01..2025-12-31"),
    ("2 năm trước bị xử phạt vi phạm hành chính về PCCC", "=- violated 2023-11-23..2024-11-22"),
    ("có vi phạm", "=- violated ?"),
    ("không bị gì", "=yes"),
    ("k vp gì", "=yes"),
    ("hok có bị phạt gì hết á", "=yes"),
    ("trước giờ chưa vi phạm", "=yes"),
    ("tất nhiên là có", "=yes"),
    ("không tuân thủ", "=no"),
    ("không chắc lắm", "=not_known"),
    ("ok hết", "=yes"),
    ("dạ bên em làm ăn đàng hoàng", ""),
    ("có bị nhắc nhở", "=- violated ?"),
    ("đang bị thanh tra", "=- violated ?"),
    ("có bị phạt 1 lần", "=- violated ?"),
    ("bị xử phạt hành chính năm 2021", "=- violated 2021-01-01..2021-12-31"),
    ("chấp hành đầy đủ", "=yes"),
    ("dạ không vi phạm gì cả", "=yes"),
    ("không bị xử phạt", "=yes"),
    ("k có vi phạm nào", "=yes"),
    ("luôn tuân thủ", "=yes"),
    ("đang vi phạm", "=no"),
    ("chắc là có", "=yes"),
    ("em k rõ vụ này", "=not_known"),
    ("không năm nào bị phạt", "=yes"),
    ("không biết có vi phạm gì không", "=not_known"),
    ("có vi phạm nhỏ năm 2023", "=- violated 2023-01-01..2023-12-31"),
    ("chưa từng", ""),
    ("chưa lần nào", ""),
    ("sạch", "=yes"),
    ("ok ạ", "=yes"),
    ("có tốt ạ", "=yes"),
    ("dạ có đầy đủ hết", "=yes"),
    ("chấp hành tốt nhưng năm 2024 bị phạt", "=- violated 2024-01-01..2024-12-31"),
    ("có, bên em luôn nộp thuế đúng hạn", "=yes"),
    ("rồi", "=yes"),
    ("yes we comply", "=yes"),
]

LAST_PRIZE = [
    ("năm 2021 được giải bạc", "last_prize=silver; last_prize_year=2021-01-01..2021-12-31"),
    ("đạt Giải Vàng 2 lần, gần nhất năm 2023", "last_prize=gold; last_prize_year=2023-01-01..2023-12-31"),
    ("chưa được giải gì cả", "=none"),
    ("hổng có", "=none"),
    ("bạc 2k24", "last_prize=silver; last_prize_year=2024-01-01..2024-12-31"),
    ("giải vàng hồi năm kia", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("chưa bao giờ", "=none"),
    ("có nhưng không nhớ hạng gì", "=unspecified"),
    ("chưa có giải thưởng nào", "=none"),
    ("đạt giải bạc chất lượng quốc gia cách đây 3 năm", "last_prize=silver; last_prize_year=2023-01-01..2023-12-31"),
    ("giải vàng thì chưa, giải bạc thì có năm 2022", "last_prize=silver; last_prize_year=2022-01-01..2022-12-31"),
    ("không có, đây là lần đầu", "=none"),
    ("silver, last year", "last_prize=silver; last_prize_year=2025-01-01..2025-12-31"),
    ("e có giải bạc 2020", "last_prize=silver; last_prize_year=2020-01-01..2020-12-31"),
    ("được tặng giải vàng ngày 31/01/2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("chưa từng đạt giải", "=none"),
    ("ko", "=none"),
    ("chưa lần nào", "=none"),
    ("Giải Vàng", "=gold"),
    ("giải bạc, năm ngoái", "last_prize=silver; last_prize_year=2025-01-01..2025-12-31"),
    ("giải vàng, 2025", "last_prize=gold; last_prize_year=2025-01-01..2025-12-31"),
    ("đã đạt giải vàng năm 2022", "last_prize=gold; last_prize_year=2022-01-01..2022-12-31"),
    (
        "Giải thưởng chất lượng quốc gia 2019 (không phải vàng)",
        "last_prize=former; last_prize_year=2019-01-01..2019-12-31",
    ),
    ("rồi, giải vàng cách đây 3 năm", "last_prize=gold; last_prize_year=2023-01-01..2023-12-31"),
    ("giai vang nam ngoai", "last_prize=gold; last_prize_year=2025-01-01..2025-12-31"),
    ("được giải 2 lần rồi", "=unspecified"),
    ("bạc", "=silver"),
    ("giải vàng 2 năm trước", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("chưa từng", "=none"),
    ("chưa", "=none"),
    ("chưa ạ", "=none"),
    ("ko có", "=none"),
    ("giải bạc năm ngoái", "last_prize=silver; last_prize_year=2025-01-01..2025-12-31"),
    ("giải vàng 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("vàng", "=gold"),
    ("vang", "=gold"),
    ("vâng", "=unspecified"),
    ("dạ vàng ạ", "=gold"),
    ("vàng 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("có", "=unspecified"),
    ("rồi, giải bạc", "=silver"),
    ("bạc, 2 năm trước", "last_prize=silver; last_prize_year=2024-01-01..2024-12-31"),
    ("chưa đạt giải vàng", ""),
    ("chưa có giải nào", "=none"),
    ("có giải vàng nhưng không nhớ năm", "last_prize=gold; last_prize_year=not_known"),
    ("sao vàng đất việt", ""),
    ("không rõ", "=not_known"),
    ("2024", "last_prize=unspecified; last_prize_year=2024-01-01..2024-12-31"),
    ("lần đầu tham dự", "=none"),
    ("đạt giải thưởng chất lượng quốc gia năm 2022", "last_prize=unspecified; last_prize_year=2022-01-01..2022-12-31"),
    ("không phải giải vàng", "=former"),
    ("năm 2023 được giải vàng", "last_prize=gold; last_prize_year=2023-01-01..2023-12-31"),
    ("giải Bạc chất lượng quốc gia 2025", "last_prize=silver; last_prize_year=2025-01-01..2025-12-31"),
    ("never", "=none"),
    ("bạc năm 2025", "last_prize=silver; last_prize_year=2025-01-01..2025-12-31"),
    ("năm ngoái được bạc", "last_prize=silver; last_prize_year=2025-01-01..2025-12-31"),
    ("giải vàng hồi 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("chưa bao giờ đạt giải nào", "=none"),
    ("chưa tham gia bao giờ", "=none"),
    ("hông có giải nào", "=none"),
    ("dạ chưa từng đạt giải ạ", "=none"),
    ("giải bạc năm 2022, giải vàng năm 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("có rồi, giải vàng, năm 2023", "last_prize=gold; last_prize_year=2023-01-01..2023-12-31"),
    ("GPEA 2020", ""),
    ("từng đạt giải tỉnh thôi", ""),
    ("không đạt giải gì", "=none"),
    ("rớt", ""),
    ("đạt rồi mà quên năm", "last_prize=unspecified; last_prize_year=not_known"),
    ("giải vàng năm 2022 ạ, à nhầm 2023", "last_prize=gold; last_prize_year=2023-01-01..2023-12-31"),
    ("won gold in 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("Giải Vàng Chất lượng quốc gia năm 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("vang nam 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("da vang", "=unspecified"),
    ("vang a", "=unspecified"),
    ("chưa có giải vàng, chỉ có bạc 2024", "last_prize=silver; last_prize_year=2024-01-01..2024-12-31"),
    ("chưa có", "=none"),
    ("chưa đạt", "=none"),
    ("không", "=none"),
    ("k", "=none"),
    ("rồi", "=unspecified"),
    ("giải vàng", "=gold"),
    ("giai bac 2023", "last_prize=silver; last_prize_year=2023-01-01..2023-12-31"),
    ("huy chương vàng hội chợ", ""),
    ("có, năm 2022", "last_prize=unspecified; last_prize_year=2022-01-01..2022-12-31"),
    ("bạc, năm kia", "last_prize=silver; last_prize_year=2024-01-01..2024-12-31"),
    ("giải vàng cách đây 2 năm", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("Vietnam Excellence 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("hạng bạc", "=silver"),
    ("hạng vàng năm 2021", "last_prize=gold; last_prize_year=2021-01-01..2021-12-31"),
    ("đang dự lần đầu", "=none"),
    ("giải thì chưa", "=none"),
    ("chưa từng tham gia", "=none"),
    ("gold 2024", "last_prize=gold; last_prize_year=2024-01-01..2024-12-31"),
    ("có đạt giải bạc hai năm trước", "last_prize=silver; last_prize_year=2024-01-01..2024-12-31"),
    ("không phải vàng, giải bạc", "=silver"),
    ("không nhớ là vàng hay bạc", "=not_known"),
    ("có đạt", "=unspecified"),
    ("có tham gia nhưng không đạt", "=none"),
    ("rồi, 1 lần", "=unspecified"),
    ("có ạ", "=unspecified"),
]

LAST_PRIZE_YEAR = [
    ("hình như là năm 2022", "=2022-01-01..2022-12-31"),
    ("trao hồi tháng 3/2024", "=2024-01-01..2024-12-31"),
    ("em quên rồi", "=not_known"),
    ("mới năm rồi", "=2025-01-01..2025-12-31"),
    ("2 năm rồi", "=2024-01-01..2024-12-31"),
    ("được tặng năm 2024", "=2024-01-01..2024-12-31"),
    ("nam ngoai", "=2025-01-01..2025-12-31"),
    ("2 năm trước", "=2024-01-01..2024-12-31"),
    ("24", ""),
    ("2024", "=2024-01-01..2024-12-31"),
    ("năm kia", "=2024-01-01..2024-12-31"),
    ("năm ngoái", "=2025-01-01..2025-12-31"),
    ("không nhớ", "=not_known"),
    ("cách đây 2 năm", "=2024-01-01..2024-12-31"),
    ("hình như 2023", "=2023-01-01..2023-12-31"),
    ("năm 2023 ạ", "=2023-01-01..2023-12-31"),
    ("hai năm trước", "=2024-01-01..2024-12-31"),
    ("2023 hoặc 2024", "=2023-01-01..2024-12-31"),
    ("đầu năm 2024", "=2024-01-01..2024-12-31"),
    ("30/04/2024", "=2024-01-01..2024-12-31"),
    ("quên mất rồi", "=not_known"),
    ("tháng 1 năm nay", "=2026-01-01..2026-12-31"),
    ("năm ngoái ạ", "=2025-01-01..2025-12-31"),
    ("2023", "=2023-01-01..2023-12-31"),
    ("3 năm trước", "=2023-01-01..2023-12-31"),
    ("khoảng 2022", "=2022-01-01..2022-12-31"),
    ("2022 2023 gì đó", "=2022-01-01..2023-12-31"),
    ("chưa đạt", "last_prize=none"),
]

REGISTRATION = [
    ("sang đầu năm sau", "=2027-01-01..2027-04-30"),
    ("ngày 10/12/2026", "=2026-12-10"),
    ("chắc tháng sau á", "=2026-12-01..2026-12-31"),
    ("khi nào mở đợt thì đăng ký", "=not_known"),
    ("nộp liền luôn", "=2026-11-22"),
    ("quý 2 sang năm", "=2027-04-01..2027-06-30"),
    ("cuối tháng 3 năm 2027", "=2027-03-21..2027-03-31"),
    ("1 tháng nữa", "=2026-12-07..2027-01-06"),
    ("trong tháng này", "=2026-11-22..2026-11-30"),
    ("chưa lên kế hoạch", "=not_known"),
    ("hom nay", "=2026-11-22"),
    ("22/11/2026", "=2026-11-22"),
    ("tháng 1/2027", "=2027-01-01..2027-01-31"),
    ("đầu năm 2027", "=2027-01-01..2027-04-30"),
    ("dự kiến tháng tới", "=2026-12-01..2026-12-31"),
    ("đợt này luôn", ""),
    ("ngay hôm nay", "=2026-11-22"),
    ("cứ tính hôm nay đi", "=2026-11-22"),
    ("hôm nay", "=2026-11-22"),
    ("tháng sau", "=2026-12-01..2026-12-31"),
    ("cuối năm nay", "=2026-11-22..2026-12-31"),
    ("chưa biết", "=not_known"),
    ("chưa", "=not_known"),
    ("ngay bây giờ", "=2026-11-22"),
    ("càng sớm càng tốt", "=2026-11-22"),
    ("15/3/2027", "=2027-03-15"),
    ("quý 1 năm sau", "=2027-01-01..2027-03-31"),
    ("2 tháng nữa", "=2027-01-07..2027-02-06"),
    ("tháng 3", "=2027-03-01..2027-03-31"),
    ("đăng ký tháng 12 này", "=2026-12-01..2026-12-31"),
    ("hôm nay luôn", "=2026-11-22"),
    ("tuần sau", "=2026-11-23..2026-12-06"),
    ("đầu tháng 12", "=2026-12-01..2026-12-10"),
    ("15/12", "=2026-12-15"),
    ("tháng 1 năm sau", "=2027-01-01..2027-01-31"),
    ("dự kiến quý 2/2027", "=2027-04-01..2027-06-30"),
    ("mai nộp", "=2026-11-23"),
    ("giờ luôn", "=2026-11-22"),
    ("không, hôm nay", "=2026-11-22"),
    ("chưa chốt ngày", "=not_known"),
    ("năm 2024", "=2024-01-01..2024-12-31"),
    ("tháng này", "=2026-11-22..2026-11-30"),
    ("sang năm", "=2027-01-01..2027-12-31"),
    ("3 tháng nữa", "=2027-02-07..2027-03-09"),
    ("today", "=2026-11-22"),
    ("next month", "=2026-12-01..2026-12-31"),
    ("bữa nay", "=2026-11-22"),
    ("nay luôn", "=2026-11-22"),
    ("tháng 12", "=2026-12-01..2026-12-31"),
    ("tháng 12 năm nay", "=2026-12-01..2026-12-31"),
    ("trước 30/6/2027", "=2026-11-22..2027-06-29"),
    ("mùa sau", ""),
    ("năm 2027", "=2027-01-01..2027-12-31"),
    ("khoảng tháng 4 sang năm", "=2027-04-01..2027-04-30"),
    ("tính theo hôm nay", "=2026-11-22"),
    ("theo hôm nay đi", "=2026-11-22"),
    ("15 tháng 1 năm 2027", "=2027-01-15"),
]

OPENING = [
    (
        (
            "Công ty mình là công ty cổ phần, hoạt động từ 2012, sản phẩm cà phê rang xay bán 10 năm nay, chưa "
            "từng bị xử phạt, năm ngoái được giải bạc, muốn đăng ký đầu năm sau"
        ),
        (
            "legal=yes company; operating=2012-01-01..2012-12-31; product=120..131M; compliance=yes; "
            "last_prize=silver; last_prize_year=2025-01-01..2025-12-31; registration_date=2027-01-01..2027-04-30"
        ),
    ),
    ("cty e mo dc 4 nam, sp ban 2 nam, chua co giai", "operating=48..59M; product=24..35M; last_prize=none"),
    ("doanh nghiệp em mới 2 năm tuổi", "operating=24..35M"),
    (
        "công ty tnhh thực phẩm Sông Vàng, thành lập tháng 3 năm 2018",
        "legal=yes company; operating=2018-03-01..2018-03-31",
    ),
    ("cty mình ở Tây Ninh, chuyên bán vàng bạc đá quý từ 2015", "product=2015-01-01..2015-12-31"),
    (
        "bên mình bán bánh tráng được 8 năm rồi, có giấy phép đàng hoàng, không vi phạm gì",
        "legal=yes; product=96..107M; compliance=yes",
    ),
    (
        "cty tnhh thanh lap 2020 san pham ban 14 thang chua dat giai",
        "legal=yes company; operating=2020-01-01..2020-12-31; product=14..14M; last_prize=none",
    ),
    ("công ty em mở 4 năm rồi mà sản phẩm mới bán được 10 tháng à", "operating=48..59M; product=10..10M"),
    (
        "cty em thành lập 2019, sản phẩm bán từ đầu năm ngoái",
        "operating=2019-01-01..2019-12-31; product=2025-01-01..2025-04-30",
    ),
    (
        "công ty tnhh mở được 5 năm, bán hàng 8 tháng, chưa đạt giải",
        "legal=yes company; operating=60..71M; product=8..8M; last_prize=none",
    ),
    (
        "cong ty em hoat dong tu 2018, sp ban tu 3/2024, chua tung dat giai, dang ky hom nay",
        (
            "operating=2018-01-01..2018-12-31; product=2024-03-01..2024-03-31; last_prize=none; "
            "registration_date=2026-11-22"
        ),
    ),
    (
        "năm 2021 đạt giải bạc, công ty mở 10 năm",
        "operating=120..131M; last_prize=silver; last_prize_year=2021-01-01..2021-12-31",
    ),
    ("hoạt động 4 năm và bán hàng 2 năm", "operating=48..59M; product=24..35M"),
    (
        (
            "Công ty CP thực phẩm ABC, thành lập 12/05/2015, có sản phẩm nước mắm bán ra thị trường từ 2016, "
            "chưa vi phạm pháp luật, năm 2023 được Giải Vàng, dự kiến đăng ký tháng 3/2027"
        ),
        (
            "legal=yes company; operating=2015-05-12; product=2016-01-01..2016-12-31; compliance=yes; "
            "last_prize=gold; last_prize_year=2023-01-01..2023-12-31; registration_date=2027-03-01..2027-03-31"
        ),
    ),
    (
        "dn em là hợp tác xã, lập năm 2020, sp chè bán từ tháng 5 năm ngoái, chấp hành tốt pl, chưa có giải",
        (
            "legal=yes company; operating=2020-01-01..2020-12-31; product=2025-05-01..2025-05-31; "
            "compliance=yes; last_prize=none"
        ),
    ),
    ("doanh nghiệp tư nhân hoạt động hơn 2 năm", "legal=yes private; operating=24..35M"),
    (
        "mình là cty tnhh 1 thành viên ở Tây Ninh mở từ 6/2022, hàng bán được gần 1 năm",
        "legal=yes company; operating=2022-06-01..2022-06-30; product=9..11M",
    ),
    ("cty em mới hoạt động 2 năm rưỡi có được tham dự không ạ?", "operating=30..30M"),
    ("công ty em hoạt động 2 năm rưỡi, có tham dự được không?", "operating=30..30M"),
    ("công ty tôi có ISO 9001:2015 từ 2020, hoạt động từ 2017", "operating=2017-01-01..2017-12-31"),
    ("công ty có 250 lao động, hoạt động 8 năm", "operating=96..107M"),
    (
        "bên mình sản xuất gạo, đăng ký kinh doanh 2014, bán gạo từ 2015",
        "legal=yes; operating=2014-01-01..2014-12-31; product=2015-01-01..2015-12-31",
    ),
    (
        (
            "công ty được cấp giấy phép năm 2018, bắt đầu bán hàng tháng 10 năm ngoái, bị phạt thuế năm 2024, "
            "đạt giải bạc 2022"
        ),
        (
            "legal=yes; operating=2018-01-01..2018-12-31; product=2025-10-01..2025-10-31; compliance=- violated "
            "2024-01-01..2024-12-31; last_prize=silver; last_prize_year=2022-01-01..2022-12-31"
        ),
    ),
    (
        "công ty mình 5 năm tuổi, bán sản phẩm 3 năm, có giải bạc năm ngoái thì đăng ký được không?",
        "operating=60..71M; product=36..47M",
    ),
]

CORRECTIONS = [
    ("legal,operating,product>compliance", "nhầm, sản phẩm bán mới 9 tháng thôi", "product=9..9M"),
    ("legal,operating,product>compliance", "à nhầm, 14 tháng chứ không phải 10 tháng", "product=14..14M"),
    ("legal,operating,product>compliance", "đúng ra là 13 tháng", "product=13..13M"),
    ("legal,operating,product>compliance", "khoan, sản phẩm mới bán được 8 tháng", "product=8..8M"),
    ("legal,operating,product>compliance", "à nhầm, 10 tháng", "product=10..10M"),
    ("legal,operating,product>compliance", "à nhầm, công ty hoạt động 30 tháng", "operating=30..30M"),
    ("legal,operating>product", "sorry công ty thành lập 2021", "operating=2021-01-01..2021-12-31"),
    ("legal,operating>product", "à nhầm, hoạt động được 30 tháng thôi", "operating=30..30M"),
    ("legal,operating>product", "nhầm rồi, 30 tháng mới đúng", "operating=30..30M"),
    ("legal,operating>product", "a nham, 30 thang", "operating=30..30M"),
    ("legal,operating>product", "ý mình là 2 năm rưỡi", "operating=30..30M"),
    ("legal,operating>product", "cho mình sửa lại: thành lập tháng 3/2024", "operating=2024-03-01..2024-03-31"),
    ("legal,operating>product", "à nhầm, 30 tháng", "operating=30..30M"),
    ("legal,operating>product", "không phải 5 năm mà 3 năm", "operating=36..47M"),
    ("legal,operating>product", "à không, 3 năm thôi", "operating=36..47M"),
    ("legal,operating>product", "ý em là gần 3 năm", "operating=30..35M"),
    ("legal,operating>product", "sửa lại: từ 2023", "operating=2023-01-01..2023-12-31"),
    (
        "legal,operating,product,compliance>last_prize",
        "à quên, năm ngoái có bị phạt môi trường",
        "compliance=- violated 2025-01-01..2025-12-31",
    ),
    (
        "legal,operating,product,compliance,last_prize>last_prize_year",
        "em ghi nhầm, giải bạc chứ không phải vàng",
        "last_prize=silver",
    ),
    ("legal,operating,product,compliance,last_prize>last_prize_year", "à nhầm, giải vàng", "last_prize=gold"),
    ("operating>product", "à mà công ty em thành lập tháng 2/2024 mới đúng", "operating=2024-02-01..2024-02-29"),
    ("operating>product", "à nhầm, 30 tháng", "operating=30..30M"),
    ("legal>operating", "không phải công ty mà là hộ kinh doanh", "legal=- household"),
    ("legal>operating", "à nhầm, chưa có", "legal=no"),
    ("legal,operating,product,compliance,last_prize>registration_date", "sửa lại giải bạc nhé", "last_prize=silver"),
]

QUESTIONS = [
    "sao lại hỏi cái này",
    "hợp pháp là sao",
    "để làm gì vậy",
    "có cần công chứng không",
    "hoạt động liên tục là phải có doanh thu hả",
    "vậy chi nhánh nước ngoài tính sao",
    "có cần nộp hồ sơ giấy không vậy ạ",
    "có được cộng dồn thời gian không",
    "thế nào là liên tục",
    "12 tháng tính từ lúc nào?",
    "36 thang tinh tu luc nao vay",
    "chi nhánh có được tham dự không",
    "cho em hỏi hồ sơ gồm gì",
    "phí bao nhiêu",
    "hoạt động liên tục là sao?",
    "tại sao phải 36 tháng",
    "tính từ ngày cấp giấy phép hay ngày bán hàng?",
    "hộ kinh doanh có được tính không",
    "vậy nếu tạm ngừng thì sao",
    "điều mấy quy định vậy",
    "ai quyết định",
    "giải này là giải gì",
    "có mất phí không ạ",
    "12 tháng đúng không?",
    "bị phạt rồi có được dự không",
    "chấp hành pháp luật gồm những gì vậy",
    "giải bạc có phải chờ không ạ",
    "giải vàng có được thưởng tiền không",
    "Công ty tôi muốn kiểm tra có đủ điều kiện tham dự giải không",
    "giải vàng 2023 thì bao giờ được thi lại",
    "nếu công ty mới 30 tháng thì sao",
    "sản phẩm mới bán 10 tháng thì có được đăng ký không",
    "Tôi muốn kiểm tra công ty mình có đủ điều kiện tham dự giải không",
    "giải vàng năm 2024 thì năm nào dự lại được",
    "12 tháng tính từ ngày nào vậy bạn",
    "12 tháng là tính từ ngày xuất hóa đơn đầu tiên hả",
    "thế công ty có nhiều sản phẩm thì sao",
    "phải nộp ở đâu vậy?",
]

CANCELS = [
    "dừng",
    "thôi",
    "thôi nghỉ, không kiểm tra nữa đâu",
    "hủy dùm mình",
    "ngừng",
    "thôi không làm nữa",
    "huỷ",
    "dừng lại",
    "dung lai",
    "thôi ạ",
    "hủy kiểm tra",
    "không muốn làm nữa",
    "cancel",
    "huỷ giúp em",
    "stop",
    "thôi dừng ở đây nhé",
    "thôi khỏi",
    "dạ thôi để hôm khác ạ",
    "để sau",
]

NO_CANCELS = [
    "mới 8 tháng thôi",
    "thôi được, 30 tháng",
    "thời gian là 3 năm",
    "đúng",
    "dung roi",
    "ngừng hoạt động 6 tháng hồi 2021",
    "công ty Huy Hoàng thành lập 2015",
    "không",
    "chỉ vậy thôi ạ, 14 tháng",
]
NO_QUESTIONS = [
    "chưa bao giờ đạt giải nào",
    "không vi phạm gì",
    "không nhớ năm nào",
    "không biết có vi phạm không",
    "giải thì chưa",
    "mấy năm rồi",
    "chưa từng bị gì hết",
    "dạ không ạ",
    "3 năm?",
    "có nhưng chưa đủ",
]
CORRECTED = [
    "à nhầm, 30 tháng",
    "sửa lại giúp em",
    "không phải 5 năm mà 3 năm",
    "ý mình là năm 2020",
    "à quên, có giải bạc",
]
NOT_CORRECTED = ["30 tháng", "công ty lớn", "nhằm mục đích gì", "dạ không", "chưa sửa gì"]
TABLES = {
    Item.LEGAL: LEGAL,
    Item.OPERATING: OPERATING,
    Item.PRODUCT: PRODUCT,
    Item.COMPLIANCE: COMPLIANCE,
    Item.LAST_PRIZE: LAST_PRIZE,
    Item.LAST_PRIZE_YEAR: LAST_PRIZE_YEAR,
    Item.REGISTRATION_DATE: REGISTRATION,
}
ANSWERS = [(asked, text, told) for asked, table in TABLES.items() for text, told in table]


def shown(value: Value) -> str:
    """A value in the short form of the tables."""
    if isinstance(value, Duration):
        most = "" if value.most is None else value.most
        return f"{value.least}..{most}M" + ("" if value.until else "@reg")
    if isinstance(value, DayRange):
        if value == DayRange():
            return "?"
        return str(value.earliest) if value.exact else f"{value.earliest or ''}..{value.latest or ''}"
    if isinstance(value, Legal):
        person = {True: " person", False: " no-person", None: ""}[value.person]
        return YES_NO[value.established] + (f" {value.form}" if value.form else "") + person
    if isinstance(value, Compliance):
        return YES_NO[value.complies] + (f" violated {shown(value.violated)}" if value.violated else "")
    return str(value)


YES_NO = {True: "yes", False: "no", None: "-"}


def told_of(mentions: tuple[Mention, ...], asked: Item | None = None) -> str:
    order = sorted(mentions, key=lambda one: list(Item).index(one.item))
    text = "; ".join(f"{one.item}={shown(one.value)}" for one in order)
    alone = len(order) == 1 and order[0].item is asked
    return text.removeprefix(f"{asked}") if alone else text


@pytest.mark.parametrize(("asked", "text", "told"), ANSWERS)
def test_an_answer(asked: Item, text: str, told: str) -> None:
    assert told_of(extract(text, asked, TODAY), asked) == told


@pytest.mark.parametrize(("text", "told"), OPENING)
def test_several_facts_in_a_message_that_answers_nothing(text: str, told: str) -> None:
    assert told_of(extract(text, None, TODAY)) == told


@pytest.mark.parametrize(("items", "text", "told"), CORRECTIONS)
def test_a_correction_means_what_was_answered_last(items: str, text: str, told: str) -> None:
    answered, _, asked = items.partition(">")
    found = extract(text, Item(asked) if asked else None, TODAY, [Item(one) for one in answered.split(",")])
    assert told_of(found) == told


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("asked", [Item.OPERATING, Item.PRODUCT, Item.COMPLIANCE, Item.LAST_PRIZE])
def test_a_question_in_the_middle_tells_nothing(text: str, asked: Item) -> None:
    reading = read(text, asked, TODAY, [Item.LEGAL])
    assert reading.question
    assert not reading.cancel
    assert told_of(reading.mentions) == ""
    assert is_question(text)


@pytest.mark.parametrize("text", CANCELS)
@pytest.mark.parametrize("asked", [*Item, None])
def test_a_cancel(text: str, asked: Item | None) -> None:
    reading = read(text, asked, TODAY)
    assert reading.cancel
    assert not reading.mentions
    assert is_cancel(text)


@pytest.mark.parametrize("text", NO_CANCELS)
def test_no_cancel(text: str) -> None:
    assert not read(text, Item.OPERATING, TODAY).cancel
    assert not is_cancel(text)


@pytest.mark.parametrize("text", NO_QUESTIONS)
def test_no_question(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize("text", CORRECTED)
def test_a_correction(text: str) -> None:
    assert is_correction(text)


@pytest.mark.parametrize("text", NOT_CORRECTED)
def test_no_correction(text: str) -> None:
    assert not is_correction(text)


def test_a_fact_and_a_question_together() -> None:
    reading = read("3 năm rồi, đủ chưa?", Item.OPERATING, TODAY)
    assert reading.question
    assert told_of(reading.mentions) == "operating=36..47M"


def test_the_opening_message_tells_of_the_company_it_asks_for() -> None:
    reading = read("cty em mới hoạt động 2 năm rưỡi có được tham dự không ạ?", None, TODAY)
    assert (reading.question, told_of(reading.mentions)) == (True, "operating=30..30M")
    supposed = read("nếu cty mới hoạt động 2 năm rưỡi thì có được tham dự không ạ?", None, TODAY)
    assert (supposed.question, supposed.mentions) == (True, ())


@pytest.mark.parametrize(
    ("today", "text", "told"),
    [
        (date(2026, 1, 5), "tháng 12", "=2025-12-01..2025-12-31"),
        (date(2026, 1, 5), "tháng trước", "=2025-12-01..2025-12-31"),
        (date(2026, 1, 5), "đầu năm nay", "=2026-01-01..2026-01-05"),
        (date(2024, 2, 29), "năm ngoái", "=2023-01-01..2023-12-31"),
        (date(2024, 2, 29), "3 năm nữa", "=2027-02-13..2027-03-15"),
    ],
)
def test_the_day_of_the_message_counts(today: date, text: str, told: str) -> None:
    assert told_of(extract(text, Item.OPERATING, today), Item.OPERATING) == told


# Folding takes something away here: «vâng» and «vàng», «sáu» and «sau», «dừng» and «đúng», «cỡ» and «có».
LOST_WITHOUT_ACCENTS = ("vâng", "dạ vàng", "sáu", "cỡ", "độ", "dừng")
STILL_TOLD = [one for one in ANSWERS if not any(word in one[1].lower() for word in LOST_WITHOUT_ACCENTS)]


@pytest.mark.parametrize(("asked", "text", "told"), STILL_TOLD)
def test_the_same_without_accents(asked: Item, text: str, told: str) -> None:
    assert told_of(extract(fold(text), asked, TODAY), asked) == told


@pytest.mark.parametrize(("asked", "text", "told"), ANSWERS[::3])
def test_the_same_in_capitals_and_decomposed(asked: Item, text: str, told: str) -> None:
    assert told_of(extract(unicodedata.normalize("NFD", text.upper()), asked, TODAY), asked) == told


@given(st.text(max_size=80), st.sampled_from([*Item, None]))
def test_any_text_is_read(text: str, asked: Item | None) -> None:
    read(text, asked, TODAY, [Item.OPERATING])


@given(st.lists(st.sampled_from([text for _, text, _ in ANSWERS]), min_size=1, max_size=4), st.sampled_from([*Item]))
def test_any_answers_in_a_row_give_each_item_one_value(texts: list[str], asked: Item) -> None:
    found = extract(", ".join(texts), asked, TODAY)
    plain_values = [one.item for one in found if str(one.value) not in ("paused", "only_services")]
    assert len(plain_values) == len(set(plain_values))


def test_a_long_message_takes_no_long_time() -> None:
    for text in ("chua " * 2000, "co " * 1500 + "khong", "1 " * 2000, "nam " * 2000, "a, " * 2000):
        read(text, Item.OPERATING, TODAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dạ ĐƯỢC 3+ năm", "da duoc hon 3 nam"),
        ("cty mk bán sp", "cong ty minh ban san pham"),
        ("chào bạn", "chao ban_"),
        ("vâng, Giải Vàng", "vang_yes, giai vangg"),
        ("36thang", "36 thang"),
        ("ISO 9001:2015", "iso"),
        ("Nghị định 37/2026/NĐ-CP", "vanban"),
    ],
)
def test_spelling(text: str, words: str) -> None:
    assert plain(text) == words
