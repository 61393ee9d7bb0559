# What a curator sees, in the terminal and on the page. Nobody else does.
review-title = أسئلة تنتظر المراجعة
review-none = لا يوجد سؤال ينتظر قراراً.
review-waiting = { $count ->
    [one] سؤال واحد ينتظر قراراً.
    [two] سؤالان ينتظران قراراً.
    [few] { $count } أسئلة تنتظر قراراً.
    [many] { $count } سؤالاً تنتظر قراراً.
   *[other] { $count } سؤال تنتظر قراراً.
}
review-asked = { $count ->
    [one] طُرح مرة واحدة، في { $day }
    [two] طُرح مرتين، آخرهما في { $day }
    [few] طُرح { $count } مرات، آخرها في { $day }
    [many] طُرح { $count } مرة، آخرها في { $day }
   *[other] طُرح { $count } مرة، آخرها في { $day }
}
review-why-refused = لم يُجَب عنه
review-why-close = أُجيب عنه بتحفظ
review-why-unhelpful = { $count ->
    [one] قال شخص واحد إن الجواب لم يفده
    [two] قال شخصان إن الجواب لم يفدهما
    [few] قال { $count } أشخاص إن الجواب لم يفدهم
    [many] قال { $count } شخصاً إن الجواب لم يفدهم
   *[other] قال { $count } شخص إن الجواب لم يفدهم
}
review-reason-wrong-passage = الفقرة غير صحيحة
review-reason-not-answered = لم يُجَب عن السؤال
review-reason-other = سبب آخر
review-cited = ما اقتُبس: { $passages }
review-nothing-cited = لم يُقتبس شيء.
review-offered = أقرب الفقرات إليه الآن:

# What can be decided; the letters and digits are the keys
review-key-answers = هذه الفقرة تجيب عنه
review-key-passage = فقرة أخرى تجيب عنه
review-key-not-in-documents = ليس في الوثائق
review-key-wrong = الفقرة المقتبسة غير صحيحة
review-key-skip = تأجيل القرار
review-key-take-back = التراجع عن آخر قرار
review-key-leave = إنهاء المراجعة
review-which-passage = الفقرة (document#number):
review-unknown-key = هذا المفتاح لا يقابل أي قرار.
review-done-answers = من الآن فصاعداً تجيب عنه الفقرة { $passage }.
review-done-not-in-documents = حُفظ القرار: ليس في الوثائق.
review-done-wrong = حُفظ القرار: الفقرة المقتبسة غير صحيحة.
review-done-taken-back = تم التراجع عن القرار.

# Before and after
review-report = قبل وبعد
review-no-report = لم يُتخذ أي قرار بعد.
review-right = الأجوبة الصحيحة من قبل: { $before } من { $count }. والآن: { $now }.
review-mended = أُصلح
review-hurt = ساء
review-wrong-now = ما زال غير صحيح
review-right-now = صحيح كما كان
review-gone = لم تعد الفقرة في الوثائق
review-waiting-report = { $count ->
    [one] قرار واحد لم يُختبر بعد على هذا الفهرس.
    [two] قراران لم يُختبرا بعد على هذا الفهرس.
    [few] { $count } قرارات لم تُختبر بعد على هذا الفهرس.
    [many] { $count } قراراً لم تُختبر بعد على هذا الفهرس.
   *[other] { $count } قرار لم تُختبر بعد على هذا الفهرس.
}
review-outcome-refused = امتناع عن الجواب
review-outcome = قبل: { $before }؛ الآن: { $now }

# The page
review-to-report = قبل وبعد
review-to-queue = العودة إلى الأسئلة
review-take-back-this = تراجع
review-decide = اتخاذ القرار
review-key-needed = المفتاح مطلوب
review-key-needed-text = هذه الصفحة لمن يراجعون الأسئلة. أدخل أحد مفاتيح REVIEW_KEYS في خانة كلمة المرور؛ والاسم لا يهم.
review-not-decided = لم يُتخذ أي قرار
review-form-old = هذا النموذج ليس من هذه الصفحة أو مضى عليه وقت طويل. افتح الصفحة من جديد واتخذ قرارك هناك.
review-form-unfit = تعذّرت قراءة النموذج. افتح الصفحة من جديد واتخذ قرارك هناك.
review-meanwhile = لم يعد هذا السؤال ينتظر: اتُّخذ فيه قرار، أو لم يعد محفوظاً.
