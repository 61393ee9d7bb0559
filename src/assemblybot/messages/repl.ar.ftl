# The prompt of the REPL
repl-banner = assemblybot { $version }: أجوبة منقولة حرفياً من الوثائق مع مواضعها. اسأل بالعربية أو الدارجة أو الفرنسية أو الإنجليزية أو الإسبانية. الأمر «:help» يعرض الأوامر، و«exit» يُنهي الجلسة.
repl-opening = جارٍ فتح الفهرس …
repl-building = جارٍ بناء الفهرس، المرحلة { $step }: { $percent } %
repl-more = ما يلي آخر فقرة مقتبسة
repl-context = عدد N من الفقرات حول أول فقرة مقتبسة
repl-lang = الرد بإحدى اللغات ar وfr وen وes أياً كانت لغة السؤال
repl-why = الدرجات التي بُني عليها الجواب الأخير
repl-open = الفقرة N من الوثيقة
repl-help = هذه القائمة
repl-quit = إنهاء الجلسة
repl-nothing-cited = لم يُقتبس شيء بعد.
repl-no-scores = لا توجد درجات بعد.
repl-choose-language = اختر واحداً مما يلي: { $codes }
repl-no-passage = لا توجد الفقرة { $passage }.
