# While an answer is made
slack-working = يبحث في المصادر…
slack-loading-read = أقرأ المصادر…
slack-loading-compare = أقارن بين الفقرات…

# Parts of a message
slack-around = الفقرة وما يحيط بها
slack-cut = هذه الفقرة طويلة، ولا يظهر هنا سوى مطلعها.
slack-shared-by = شارك هذا الجواب { $user }
slack-passage-gone = لم تعد تلك الفقرة ضمن المصادر. أعد طرح السؤال من فضلك.
slack-more-sources = { $count ->
    [one] … ووثيقة أخرى
    [two] … ووثيقتان أخريان
    [few] … و{ $count } وثائق أخرى
   *[other] … و{ $count } وثيقة أخرى
}

# Buttons
slack-button-whole = الفقرة كاملة
slack-button-answer = الجواب وحده
slack-button-share = مشاركة في القناة
slack-button-ask = اسأل
slack-button-forget = امحُ بياناتي
slack-button-cancel = إلغاء
slack-automatic = لغة السؤال

# The command
slack-usage = اكتب { $command } متبوعاً بسؤالك، فيظهر جوابي لك وحدك، ويمكنك أن تشاركه.
slack-usage-words = واكتب { $command } متبوعاً بإحدى الكلمات «help» أو «sources» أو «lang» أو «privacy» أو «forget» لتعرف ما أقدمه أو مصادري أو لغة أجوبتي أو ما أحتفظ به عنك، أو لتمحوه.
slack-usage-elsewhere = ويمكنك أيضاً أن تذكرني في قناة دُعيتُ إليها ({ $invite })، أو أن تراسلني مباشرة، أو أن تختار «Ask the sources» من قائمة أي رسالة.
slack-usage-quiet = واكتب { $command } متبوعاً بكلمة «quiet» كي لا أجيب في هذه القناة إلا إذا ذكرني أحد، أو بعبارة «quiet off» للعودة عن ذلك. أما في سلسلة رسائل فاذكرني مع الكلمات نفسها.
slack-usage-collection = واكتب { $command } متبوعاً بكلمة «collection» لتعرف من أي وثائق أجيب هنا، وكيف تختار غيرها.
slack-language-choices = اختر اللغة التي أجيبك بها: { $choices }.
slack-no-text = لا تتضمن تلك الرسالة نصاً أسأل المصادر عنه.
slack-only-text = لا أقرأ إلا النصوص. اكتب سؤالك بالكلمات من فضلك.
slack-not-invited = لستُ عضواً في القناة { $channel } ولا يمكنني الرد فيها، وهذا ما كنت سأقوله. وكي أجيب في القناة اكتب فيها { $command }.
slack-quiet = لن أجيب هنا بعد الآن إلا إذا ذكرني أحد. وللعودة عن ذلك اكتب { $command }.
slack-quiet-off = من الآن فصاعداً، وفي سلاسل الرسائل التي ذكرني فيها أحد، سأجيب أيضاً عن الأسئلة التي لا تذكرني إذا كنت واثقاً من الجواب.
slack-quiet-direct = في المحادثة المباشرة كل رسالة موجهة إليّ؛ أما «quiet» فللقنوات والسلاسل.

# The agent panel and App Home
slack-prompts = ما يمكنك السؤال عنه
slack-home-about = نبذة
slack-home-coverage = المصادر التي أجيب منها
slack-home-questions = ما يمكنك السؤال عنه
slack-home-language = لغة الأجوبة
slack-home-privacy = الخصوصية
slack-forget-title = محو كل شيء؟
slack-forget-text = تُمحى فوراً أسئلتك الأخيرة واللغة التي اخترتها وتقييماتك.
