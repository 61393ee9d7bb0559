# On every page
reader-skip = الانتقال إلى النص
reader-documents = الوثائق
reader-ask-label = اسأل المصادر
reader-ask-hint = اطرح سؤالاً بإحدى اللغات الخمس
reader-ask-button = اسأل
reader-languages = لغة الصفحات
reader-display = العرض
reader-colours = الألوان
reader-colours-auto = كما في الجهاز
reader-colours-light = فاتحة
reader-colours-dark = داكنة
reader-show = اعرض
reader-promise = لا تُحفظ الأسئلة المطروحة هنا. والترجمات غير رسمية.
reader-promise-kept = تُحفظ الأسئلة المطروحة هنا دون أي إشارة إلى أصحابها. والترجمات غير رسمية.

# The first page
reader-introduction = اسأل بالعربية أو الدارجة أو الفرنسية أو الإنجليزية أو الإسبانية. يُنقل الجواب حرفياً من هذه الوثائق مع موضعه. وإن لم تتضمن الجواب ذُكر ذلك صراحة.
reader-previous = الوثائق السابقة
reader-next = الوثائق التالية
reader-list-page = الصفحة { $number } من { $count }

# A document
reader-sections = الأقسام
reader-paragraph = الفقرة { $number }
reader-translation = الترجمة
reader-no-translation = بلا ترجمة
reader-translated = إلى جانب النص الأصلي ترجمة غير رسمية، والمعتمد هو النص الأصلي.
reader-dates = من { $begins } إلى { $ends }
reader-about = عن هذه الوثيقة
reader-title = العنوان
reader-author = الكاتب
reader-source = المصدر
reader-licence = الترخيص
reader-event = الحدث
reader-place = المكان
reader-when = التاريخ
reader-note = ملاحظة
reader-passages = { $count ->
    [one] فقرة واحدة
    [two] فقرتان
    [few] { $count } فقرات
   *[other] { $count } فقرة
}

# An answer
reader-answer = الجواب
reader-question = سؤالك

# No page
reader-no-page = هذه الصفحة غير موجودة
reader-no-page-text = ربما تغيّر اسم الوثيقة أو حُذفت. وتجد الوثائق كلها في الصفحة الأولى.
reader-no-answer = لا جواب
