# Documents that curators send in a chat. Nobody else sees these, except the last one.
documents-preview = معاينة: «{ $title }»
documents-collection = مجموعة الوثائق: { $name }
documents-about = { $count ->
    [one] اللغة: { $language }. فقرة واحدة.
    [two] اللغة: { $language }. فقرتان.
    [few] اللغة: { $language }. { $count } فقرات.
    [many] اللغة: { $language }. { $count } فقرة.
   *[other] اللغة: { $language }. { $count } فقرة.
}
documents-left-out = لم يؤخذ من الملف: { $what }
documents-note = ملاحظة: { $what }
documents-more = { $count ->
    [one] … وبند آخر.
    [two] … وبندان آخران.
    [few] … و{ $count } بنود أخرى.
    [many] … و{ $count } بنداً آخر.
   *[other] … و{ $count } بند آخر.
}
documents-replaces = سيحل هذا الملف محل الوثيقة «{ $title }» ({ $document }).
documents-twin = هذا الملف نفسه موجود في الوثيقة «{ $title }» ({ $document })، فلا داعي لإضافته.
documents-meanwhile = تغيّر شيء منذ المعاينة السابقة، وإليك الحال الآن:
documents-added = أُضيفت الوثيقة «{ $title }»، وسأجيب منها أيضاً خلال ثوانٍ.
documents-replaced = حلّت الوثيقة «{ $title }» محل سابقتها، وسأجيب منها خلال ثوانٍ.
documents-remove = هل تُحذف الوثيقة «{ $title }» ({ $document })؟ لن أجيب منها بعد ذلك.
documents-removed = حُذفت الوثيقة «{ $title }»، وسأتوقف عن الإجابة منها خلال ثوانٍ.
documents-cancelled = لم يتغير شيء.
documents-list = الوثائق التي يمكن حذفها هنا:
documents-listed = «{ $title }» — اللغة: { $language }
documents-none = لا توجد وثيقة بهذا الاسم.
documents-more-listed = { $count ->
    [one] وثمة وثيقة أخرى لا تظهر هنا. للعثور عليها اكتب جزءاً من عنوانها بعد الأمر.
    [two] وثمة وثيقتان أخريان لا تظهران هنا. للعثور على إحداهما اكتب جزءاً من عنوانها بعد الأمر.
    [few] وثمة { $count } وثائق أخرى لا تظهر هنا. للعثور على إحداها اكتب جزءاً من عنوانها بعد الأمر.
    [many] وثمة { $count } وثيقة أخرى لا تظهر هنا. للعثور على إحداها اكتب جزءاً من عنوانها بعد الأمر.
   *[other] وثمة { $count } وثيقة أخرى لا تظهر هنا. للعثور على إحداها اكتب جزءاً من عنوانها بعد الأمر.
}

# What is refused
documents-too-large = الملف كبير جداً: الحد الأقصى لما يُرسل هنا { $limit } ميغابايت. قسّمه من فضلك.
documents-wrong-type = لا يمكنني قراءة الملفات من هذا النوع، وهذه أنواع الملفات التي أقرؤها: { $types }
documents-link-refused = لا أفتح من الروابط إلا ما يبدأ بـ https ويؤدي إلى أحد هذه المواقع: { $hosts }
documents-private = هذا الموقع داخل شبكة خاصة، ولذلك لا أجلب منه شيئاً. أرسل الملف نفسه من فضلك.
documents-not-fetched = تعذّر جلب الملف كاملاً. أرسله من جديد من فضلك.
documents-scope = لا يُسمح للتطبيق بقراءة الملفات هنا. على من ثبّته أن يضيف إليه الصلاحية files:read ثم يثبّته من جديد.
documents-refused = لم يتغير شيء: { $reason }
documents-unwritable = لا يمكن تغيير الوثائق هنا لأن مجلدها متاح للقراءة فقط. أبلغ من يشغّل البوت من فضلك.
documents-only = «{ $title }» هي الوثيقة الوحيدة. قبل حذفها أضف وثيقة أخرى من فضلك.
documents-expired = انتهت مدة هذه المعاينة. ابدأ من جديد من فضلك.

# Buttons
documents-button-add = إضافة
documents-button-replace = استبدال
documents-button-remove = حذف
documents-button-remove-titled = حذف «{ $title }»
documents-button-cancel = إلغاء

# For everybody else
documents-curators-only = لا يمكن أن يغيّر الوثائق إلا المسؤولون عنها.
