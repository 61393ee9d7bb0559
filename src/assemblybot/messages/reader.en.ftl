# On every page
reader-skip = Skip to the text
reader-documents = Documents
reader-ask-label = Ask the sources
reader-ask-hint = Ask a question in any of five languages
reader-ask-button = Ask
reader-languages = Language of the pages
reader-display = Display
reader-colours = Colours
reader-colours-auto = Same as the device
reader-colours-light = Light
reader-colours-dark = Dark
reader-show = Show
reader-promise = Questions asked here are not kept. Translations are unofficial.
reader-promise-kept = Questions asked here are kept without anything that says who asked. Translations are unofficial.

# The first page
reader-introduction = Ask in Arabic, Darija, French, English or Spanish. The answer is quoted word for word from these documents, with its place. If they do not answer, the page says so.
reader-previous = Previous documents
reader-next = Next documents
reader-list-page = Page { $number } of { $count }

# A document
reader-sections = Sections
reader-paragraph = Paragraph { $number }
reader-translation = Translation
reader-no-translation = None
reader-translated = An unofficial translation is shown beside the original. Only the original is authoritative.
reader-dates = { $begins } to { $ends }
reader-about = About this document
reader-title = Title
reader-author = Author
reader-source = Source
reader-licence = Licence
reader-event = Event
reader-place = Place
reader-when = Date
reader-note = Note
reader-passages = { $count ->
    [one] { $count } passage
   *[other] { $count } passages
}

# An answer
reader-answer = Answer
reader-question = Your question

# No page
reader-no-page = This page does not exist
reader-no-page-text = The document may have been renamed or removed. All documents are listed on the first page.
reader-no-answer = No answer
