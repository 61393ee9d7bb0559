# Replies
telegram-ask-how = اكتب سؤالك بعد الأمر /ask، أو أرسل /ask رداً على الرسالة التي تتضمن السؤال.
telegram-only-text = لا أقرأ إلا النصوص. اكتب سؤالك بالكلمات من فضلك.
telegram-choose-language = بأي لغة تحب أن أجيبك؟
telegram-language-automatic = لغة السؤال
telegram-outdated = تغيّرت المصادر بعد هذا الجواب. أعد طرح السؤال من فضلك.
telegram-too-old = لم يعد تعديل هذه الرسالة ممكناً. أعد طرح السؤال من فضلك.
telegram-items-left = { $count ->
    [one] وفي المصدر نقطة أخرى.
    [two] وفي المصدر نقطتان أخريان.
    [few] وفي المصدر { $count } نقاط أخرى.
   *[other] وفي المصدر { $count } نقطة أخرى.
}
telegram-whole-passage = الفقرة كاملة
telegram-context-empty = لا أحتفظ بأي سؤال لك.
telegram-context = { $minutes ->
    [one] للأسئلة المتتابعة أحتفظ بما يلي مدة دقيقة واحدة:
    [two] للأسئلة المتتابعة أحتفظ بما يلي مدة دقيقتين:
    [few] للأسئلة المتتابعة أحتفظ بما يلي مدة { $minutes } دقائق:
   *[other] للأسئلة المتتابعة أحتفظ بما يلي مدة { $minutes } دقيقة:
}
telegram-context-refused = السؤال الأخير، ولم تجب عنه مصادري:

# Buttons
telegram-button-back = العودة إلى الجواب
telegram-button-forget = امحُ بياناتي
telegram-inline-start = ابدأ محادثة معي

# Shown by Telegram before the first message and in menus
telegram-short-description = اسأل بالعربية أو الدارجة أو الفرنسية أو الإنجليزية أو الإسبانية، والجواب اقتباس حرفي مع موضعه في المصدر.
telegram-description =
    أجيب عن الأسئلة اعتماداً على مصادري، بالعربية والدارجة والفرنسية والإنجليزية والإسبانية.
    كل جواب فقرة منقولة حرفياً مع موضعها. وإن لم أجد الجواب في المصادر قلت ذلك صراحة.
telegram-command-ask = اطرح سؤالاً
telegram-command-sources = المصادر التي أجيب منها
telegram-command-lang = اختر لغة الأجوبة
telegram-command-context = ما أتذكره من المحادثة
telegram-command-privacy = ما يُحفظ عنك
telegram-command-forget = امحُ كل ما يُحفظ عنك
telegram-command-collection = اختر الوثائق التي أجيب منها في هذه المحادثة
telegram-command-help = كيف تسأل
