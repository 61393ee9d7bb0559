# What was found
answered = تجيب مصادري عن هذا السؤال:
answered-unsure = هذا أقرب ما في مصادري إلى سؤالك، وقد لا يجيب عنه:
answered-differ = تختلف مصادري في هذه المسألة:
answered-list = تعدّد مصادري النقاط الآتية:
not-in-corpus = لا تجيب مصادري عن هذا السؤال.
try-one-of-these = جرّب مثلاً ما يلي:
examples = على سبيل المثال:

# Parts of an answer
citation = { $count ->
    [one] الفقرة { $paragraphs } · { $section } · { $title }
    [two] الفقرتان { $paragraphs } · { $section } · { $title }
   *[other] الفقرات { $paragraphs } · { $section } · { $title }
}
citation-without-section = { $count ->
    [one] الفقرة { $paragraphs } · { $title }
    [two] الفقرتان { $paragraphs } · { $title }
   *[other] الفقرات { $paragraphs } · { $title }
}
paged-title = { $title }، الصفحة { $page }
dated-title = { $title }، { $day }
translation-label = ترجمة غير رسمية
rest-of-passage = بقية الفقرة
more-passages = فقرات أخرى

# Texts that ask nothing
greeting = أهلاً بك! اسألني عن { $sources }. أجيبك بفقرات منقولة حرفياً.
thanks = على الرحب والسعة. يسعدني أن أجيب عن سؤال آخر.
goodbye = إلى اللقاء!
help = اطرح سؤالك بالعربية أو الدارجة أو الفرنسية أو الإنجليزية أو الإسبانية. أبحث في مصادري عن الفقرات التي تجيب عنه وأنقلها حرفياً مع مواضعها. وإن لم أجد الجواب فيها قلت ذلك صراحة.
chatter = أجيب عن الأسئلة المتعلقة بمصادري. اطرح سؤالك متى شئت.

# Turns about the bot, about a document, or about the last answer
complaint = يؤسفني أن الجواب لم يُفدك. أعد صياغة السؤال من فضلك، بذكر اسم أو مكان أو تاريخ مثلاً.
complaint-passages = يؤسفني أن الجواب لم يُفدك. إن لم تجد مرادك في الفقرات التالية أيضاً فأعد صياغة السؤال، بذكر اسم أو مكان أو تاريخ مثلاً:
about-bot = أنا برنامج يجيب عن الأسئلة بالعربية والدارجة والفرنسية والإنجليزية والإسبانية بفقرات منقولة حرفياً مع مواضعها في المصدر. وإن لم أجد الجواب في مصادري قلت ذلك صراحة. مصادري:
summary = هذا ما تقوله الوثيقة، في جملة مقتبسة من كل قسم:
choice = لديّ عدة وثائق. اسألني عن إحداها:
link = للاطلاع على النص:
author = هذا ما أعرفه عن الكاتب وعن الترجمات:
translate = إليك الجواب السابق بالعربية:
untranslated = لا يوجد هذا النص بالعربية في مصادري. إليك الجواب السابق كما ورد في المصدر:
more = إليك ما يلي ذلك:
why = لعل الفقرات المجاورة للجواب السابق تبيّن السبب:
end = هنا تنتهي الوثيقة.
nothing-yet = لم أقدّم بعدُ جواباً يمكن أن يشير إليه طلبك. اطرح سؤالاً أولاً من فضلك.
refused = لا توجد في مصادري فقرة تجيب عن السؤال «{ $question }». نظرت في أقرب الفقرات إليه، لكنني لا أقتبس إلا ما يجيب عنه. أعد صياغة السؤال من فضلك، بذكر اسم أو مكان أو تاريخ مثلاً.
source-title = وثيقة «{ $title }»
source-author = بقلم { $author }
source-day = بتاريخ { $day }
source-translations = الترجمات غير رسمية
source-note = ملاحظة: { $note }
source-link = «{ $title }» على العنوان { $url }
source-without-link = لا أعرف عنواناً على الشبكة لوثيقة «{ $title }».
key-sentence = { $section } — «{ $quote }» (الفقرة { $paragraph })
key-sentence-without-section = «{ $quote }» (الفقرة { $paragraph })
key-sentence-translation = ترجمة غير رسمية: { $text }

# Refusals and failures
question-too-long = السؤال طويل جداً: الحد الأقصى { $limit } حرف. أعد صياغته باختصار من فضلك.
question-empty = لا يتضمن السؤال نصاً مقروءاً. اكتبه بالكلمات من فضلك.
busy = هناك أسئلة كثيرة في الانتظار الآن. أعد المحاولة بعد قليل من فضلك.
slow-down = { $seconds ->
    [one] طرحت أسئلة كثيرة في وقت قصير. أعد المحاولة بعد ثانية واحدة.
    [two] طرحت أسئلة كثيرة في وقت قصير. أعد المحاولة بعد ثانيتين.
    [few] طرحت أسئلة كثيرة في وقت قصير. أعد المحاولة بعد { $seconds } ثوانٍ.
   *[other] طرحت أسئلة كثيرة في وقت قصير. أعد المحاولة بعد { $seconds } ثانية.
}
failed = حدث خلل من جانبنا ولم نتمكن من الإجابة. أعد طرح السؤال من فضلك.
collection-unavailable = لا يمكن استعمال هذه المجموعة من الوثائق الآن. أعد طرح السؤال لاحقاً من فضلك.

# About the bot
about = أجيب عن الأسئلة اعتماداً على هذه المصادر: { $sources }. كل جواب اقتباس حرفي مع موضعه في المصدر، والترجمات غير رسمية.
sources-title = المصادر
sources-line = { $title } — { $author } (عدد الفقرات: { $passages })
sources-line-without-author = { $title } (عدد الفقرات: { $passages })
privacy = لا تُدوَّن أسئلتك في أي سجل. وأحتفظ مدة { $minutes } دقيقة بسؤالك الأخير وبما اقتبسته لك، كي تستطيع أن تطرح أسئلة متتابعة. أما التقييمات فتُحفظ دون اسمك. والأمر «forget» يمحو ذلك كله.
privacy-kept = تُحفظ الأسئلة لتحسين الإجابات، دون أي إشارة إلى أصحابها. وأحتفظ كذلك مدة { $minutes } دقيقة بسؤالك الأخير وبما اقتبسته لك، كي تستطيع أن تطرح أسئلة متتابعة. أما التقييمات فتُحفظ دون اسمك. والأمر «forget» يمحو ذلك كله، ما عدا الأسئلة المحفوظة لتحسين الإجابات.
forgotten = مُحي كل ما كان محفوظاً عنك.
language-set = سأجيبك بالعربية.
language-automatic = سأجيبك بلغة سؤالك.
feedback-thanks = شكراً على رأيك.
feedback-why = شكراً لك. ما الخلل في الجواب؟

# The collection of a chat
collection-here = أجيب في هذه المحادثة من مجموعة الوثائق «{ $name }».
collection-choices = أجيب في هذه المحادثة من مجموعة الوثائق «{ $name }». لاختيار مجموعة أخرى اكتب { $command } متبوعاً بأحد هذه الأسماء: { $names }.
collection-set = من الآن فصاعداً أجيب في هذه المحادثة من مجموعة الوثائق «{ $name }».
collection-unknown = لا توجد مجموعة وثائق بهذا الاسم. الأسماء المتاحة هي: { $names }.
collection-fixed = أجيب في هذه المحادثة من مجموعة الوثائق «{ $name }». حدّد ذلك من يشغّل البوت، ولا يمكن تغييره من هنا.
collection-not-yours = أجيب في هذه المحادثة من مجموعة الوثائق «{ $name }»، ولا يمكن أن يغيّر ذلك إلا المشرفون.

# Buttons
button-next = الفقرة التالية
button-around = ما حولها
button-original = الأصل
button-translation = الترجمة
button-open = فتح في المصدر
button-helpful = مفيد
button-not-helpful = غير مفيد
button-wrong-passage = الفقرة غير مناسبة
button-not-answered = لا يجيب عن السؤال
button-other = سبب آخر
