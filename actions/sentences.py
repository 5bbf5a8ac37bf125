"""The sentences that the assistant itself says; answers to questions are content and live in knowledge/."""

from __future__ import annotations

from actions.answer import Language
from knowledge.documents import Confidence

VI, EN = Language.VIETNAMESE, Language.ENGLISH

OUT_OF_SCOPE = {
    VI: "Câu này nằm ngoài phạm vi của mình. Mình chỉ trả lời về Giải thưởng Chất lượng Quốc gia: điều kiện, tiêu chí, hồ sơ, "
    "thủ tục, thời gian, quyền lợi. Bạn hỏi giúp mình về các nội dung này nhé.",
    EN: "That is outside what I can answer. I only cover Vietnam's National Quality Award: eligibility, criteria, application, "
    "procedure, dates and benefits.",
}
UNKNOWN = {
    VI: "Chưa có thông tin chính thức đã kiểm chứng cho câu hỏi này trong dữ liệu của mình, nên mình không trả lời để tránh sai. "
    "Bạn theo dõi giaithuong.org.vn, trang của Ủy ban Tiêu chuẩn Đo lường Chất lượng Quốc gia, hoặc hỏi Sở Khoa học và Công nghệ "
    "nơi đơn vị đặt trụ sở.",
    EN: "I have no verified official information on this, so I would rather not guess. Please check giaithuong.org.vn or the "
    "Commission for Standards, Metrology and Quality, or ask your provincial Department of Science and Technology.",
}
REFUSED = {
    VI: "Mình không làm theo yêu cầu này được. Mình chỉ trả lời câu hỏi về Giải thưởng Chất lượng Quốc gia theo văn bản đã kiểm chứng.",
    EN: "I can't do that. I only answer questions about Vietnam's National Quality Award from verified documents.",
}
PERSONAL_DATA = {
    VI: "Bạn đừng gửi số định danh, số điện thoại hay tài khoản vào đây nhé: mình không cần và không lưu những thông tin này. "
    "Mình cũng không nhận đăng ký thay; bạn cứ hỏi mình về điều kiện, hồ sơ, thủ tục của giải.",
    EN: "Please don't send identity numbers, phone numbers or accounts here: I neither need nor keep them. I can't register for you, "
    "but I can answer questions about the award.",
}
ABUSE = {
    VI: "Xin lỗi nếu câu trả lời vừa rồi chưa đúng ý bạn. Bạn nói rõ hơn điều cần hỏi về Giải thưởng Chất lượng Quốc gia, mình tra lại ngay. "
    "Bạn cũng có thể nhắn «gặp cán bộ».",
    EN: "I'm sorry if my answer was not helpful. Tell me what you need to know about the National Quality Award and I'll look again. You may "
    "also write “talk to an officer”.",
}
CLARIFY = {
    VI: "Bạn muốn hỏi điều nào dưới đây?",
    EN: "Which of these do you mean?",
}
EMPTY = {
    VI: "Mình chưa thấy nội dung câu hỏi. Bạn gõ câu hỏi bằng chữ giúp mình nhé.",
    EN: "I don't see a question yet. Please type it in words.",
}
TOO_LONG = "Câu hỏi hơi dài (tối đa 2.000 ký tự). Bạn rút gọn hoặc chia nhỏ giúp mình nhé."
NEAREST = {VI: "Mình hiểu bạn đang hỏi: “{question}”", EN: "I take your question as: “{question}”"}
CURRENT_RULE = {
    VI: "Theo quy định hiện hành (từ {day}):",
    EN: "Under the current rules (since {day}):",
}
FORMER_RULE = {
    VI: "Theo quy định áp dụng tại ngày {day} (nay không còn là quy định hiện hành):",
    EN: "Under the rules that applied on {day} (no longer the current rules):",
}
COMING_RULE = {
    VI: "Theo quy định áp dụng tại ngày {day} (hôm nay chưa có hiệu lực):",
    EN: "Under the rules that will apply on {day} (not yet in force today):",
}
ONLY_FORMER = {
    VI: "Điều bạn hỏi thuộc quy định cũ ({period}), không phải quy định hiện hành.",
    EN: "What you ask about belongs to former rules ({period}), not to the current ones.",
}
THIS_RULE = {VI: "Quy định này", EN: "This provision"}
WILL_CHANGE = {VI: "{what} sẽ thay đổi từ {day}{by}.", EN: "{what} will change on {day}{by}."}
WILL_END = {VI: "{what} sẽ hết hiệu lực từ {day}{by}.", EN: "{what} will cease to apply on {day}{by}."}
UNDER = {VI: " theo {cause}", EN: " under {cause}"}
REVIEWED_FOR_IT = {
    VI: "Câu trả lời này đang được rà soát theo thay đổi đó.",
    EN: "This answer is being reviewed for that change.",
}
UNDER_REVIEW = {
    VI: "Câu trả lời này đang được rà soát vì {what} thay đổi từ {day}{by}.",
    EN: "This answer is being reviewed because {what} changes from {day}{by}.",
}
QUOTED = {
    VI: "{label}, nguyên văn:\n“{text}”",
    EN: "{label}, word for word in Vietnamese:\n“{text}”",
}
MORE_TO_READ = {
    VI: "Phần còn lại xem ở đường dẫn trong căn cứ.",
    EN: "Follow the link under the sources for the rest.",
}
SUMMARISED = {
    VI: "{label} (tóm tắt của hệ thống, không phải nguyên văn):",
    EN: "{label} (our summary in Vietnamese, not the wording):",
}
NOT_QUOTED = {VI: "", EN: "This answer is available in Vietnamese only."}
CONFIDENCE = {
    VI: {
        Confidence.OFFICIAL_TEXT: "",
        Confidence.STATE_AGENCY_PAGE: "Nguồn: trang của cơ quan nhà nước, chưa đối chiếu văn bản gốc.",
        Confidence.PRESS: "Nguồn: báo chí hoặc nguồn thứ cấp, chưa kiểm chứng bằng văn bản chính thức.",
        Confidence.INFERRED: "Nội dung này được suy ra từ các quy định, chưa có nguồn chính thức nói thẳng; bạn nên hỏi lại cơ quan thường trực.",
    },
    EN: {
        Confidence.OFFICIAL_TEXT: "",
        Confidence.STATE_AGENCY_PAGE: "Source: a state agency's web page, not checked against the official text.",
        Confidence.PRESS: "Source: press or other secondary source, not verified against an official document.",
        Confidence.INFERRED: "This is inferred from the rules; no official source says so directly. Please confirm with the standing agency.",
    },
}
SMALL_TALK = {
    "greet": {
        VI: "Chào bạn! Mình là trợ lý trả lời về Giải thưởng Chất lượng Quốc gia theo quy định đang có hiệu lực. Bạn muốn biết điều gì?",
        EN: "Hello! I answer questions about Vietnam's National Quality Award under the rules in force. What would you like to know?",
    },
    "thanks": {
        VI: "Không có gì ạ. Bạn cần hỏi thêm gì về giải thì cứ nhắn mình nhé.",
        EN: "You're welcome. Ask me anything else about the award.",
    },
    "goodbye": {
        VI: "Chào bạn, chúc đơn vị mình nhiều thuận lợi. Khi cần, bạn cứ quay lại hỏi tiếp nhé.",
        EN: "Goodbye, and good luck. Come back whenever you have a question.",
    },
    "help": {
        VI: "Mình trả lời về Giải thưởng Chất lượng Quốc gia:\n- điều kiện tham dự\n- tiêu chí, cách chấm, hạng giải\n- hồ sơ, thủ tục, thời gian\n"
        "- kinh phí, quyền lợi khi đạt giải, thu hồi giải\nMình cũng cùng bạn kiểm tra điều kiện, và chuyển bạn tới cán bộ khi cần. Mỗi câu trả "
        "lời kèm điều khoản làm căn cứ; điều gì chưa có nguồn chính thức, mình nói rõ là chưa có.\nMình không nhận hồ sơ, không chấm điểm thay "
        "hội đồng và không trả lời việc ngoài giải.",
        EN: "I answer questions about Vietnam's National Quality Award: eligibility, criteria and scoring, award levels, application, "
        "procedure, dates, costs, benefits and revocation. I also check your eligibility with you and pass you on to an officer. Each answer "
        "names its legal basis; where nothing official is known, I say so.\nI don't take applications, I don't score for the council, and I "
        "answer nothing beyond the award.",
    },
    "who_are_you": {
        VI: "Mình là trợ lý tự động – máy, không phải người – về Giải thưởng Chất lượng Quốc gia. {operator} Mình trả lời bằng nội dung đã được "
        "biên soạn kèm căn cứ, không tự nghĩ ra câu trả lời. {law} Câu trả lời để tham khảo, không thay cho văn bản của cơ quan có thẩm quyền.",
        EN: "I am an automated assistant – a machine, not a person – for Vietnam's National Quality Award. {operator} My answers are prepared "
        "texts with their legal basis; I make nothing up. {law} They are for reference only.",
    },
    "privacy": {
        VI: "Mình lưu tin nhắn, câu trả lời và thời điểm, để trò chuyện được liền mạch và để cán bộ sửa câu trả lời chưa đúng. Số điện thoại, "
        "e-mail, số giấy tờ, mã số thuế được che trước khi lưu, trừ thông tin liên hệ bạn để lại cho cán bộ. Dữ liệu nằm trên máy chủ của đơn "
        "vị vận hành, không gửi cho bên thứ ba; nhật ký máy chủ không ghi nội dung tin nhắn. Bạn lấy bản sao hoặc xoá hết bất cứ lúc nào.",
        EN: "I keep messages, answers and their times, so that the conversation holds together and officers can correct wrong answers. Telephone "
        "numbers, e-mail addresses, identity and tax numbers are masked before anything is stored, except contact details that you leave for "
        "an officer. Everything stays on the operator's server, nothing goes to third parties, and the server's log holds no messages. You "
        "may have a copy, or have everything deleted, at any time.",
    },
    "start_over": {
        VI: "Mình đã bắt đầu lại từ đầu. Bạn muốn hỏi gì về Giải thưởng Chất lượng Quốc gia?",
        EN: "Let's start over. What would you like to know about the National Quality Award?",
    },
}
OPERATED = {VI: "Đơn vị vận hành: {name}.", EN: "I am run by {name}."}
OPERATOR_UNKNOWN = {
    VI: "Đơn vị vận hành chưa ghi tên mình ở đây.",
    EN: "Whoever runs me has not entered a name here.",
}
LAW = {
    VI: "Hôm nay ({today}) mình trả lời theo Nghị định {decree}, có hiệu lực từ {since}; hỏi về năm trước thì theo quy định của năm đó.",
    EN: "Today ({today}) I answer by Decree {decree}, in force since {since}; questions on earlier years by the rules of their time.",
}
STARTERS = {
    VI: (
        "Điều kiện tham dự giải là gì?",
        "Hồ sơ cần những gì?",
        "Giải Vàng cần bao nhiêu điểm?",
        "Đạt giải được quyền lợi gì?",
    ),
    EN: (
        "Who may apply?",
        "How many points for the Gold Award?",
        "What are the benefits of winning?",
    ),
}
