# What was found
answered = My sources answer this:
answered-unsure = This comes closest in my sources, but it may not answer your question:
answered-differ = My sources differ on this:
answered-list = My sources list these points:
not-in-corpus = My sources do not answer this question.
try-one-of-these = Try one of these instead:
examples = For example:

# Parts of an answer
citation = { $count ->
    [one] ¶{ $paragraphs } · { $section } · { $title }
   *[other] ¶¶{ $paragraphs } · { $section } · { $title }
}
citation-without-section = { $count ->
    [one] ¶{ $paragraphs } · { $title }
   *[other] ¶¶{ $paragraphs } · { $title }
}
paged-title = { $title }, page { $page }
dated-title = { $title }, { $day }
translation-label = Unofficial translation
rest-of-passage = Rest of the passage
more-passages = Other passages

# Texts that ask nothing
greeting = Hello! Ask me about { $sources }. I answer with passages quoted word for word.
thanks = You’re welcome. Ask another question whenever you like.
goodbye = Goodbye!
help = Ask a question in Arabic, Darija, French, English or Spanish. I look for passages in my sources that answer it and quote them word for word, with their place. If they do not answer, I say so.
chatter = I answer questions about my sources. Ask me one whenever you like.

# Turns about the bot, about a document, or about the last answer
complaint = I am sorry that this did not help. Please rephrase your question, for example with a name, a place or a date.
complaint-passages = I am sorry that this did not help. If none of these next passages fits either, please rephrase your question, for example with a name, a place or a date:
about-bot = I am a program that answers questions in Arabic, Darija, French, English or Spanish, with passages quoted word for word and their place in the source. If my sources do not answer, I say so. My sources:
summary = This is what the document says, in one sentence quoted from each section:
choice = I have several documents. Please ask me about one of them:
link = Where you can read it:
author = What I know about its author and its translations:
translate = Here is the last answer again, in English:
untranslated = My sources do not have this in English. Here is the last answer again, as it is in the source:
more = This comes next:
why = The passages around the last answer may say why:
end = The document ends here.
nothing-yet = I have not given any answer yet that this could refer to. Please ask a question first.
refused = No passage of my sources answers “{ $question }”. I looked at the passages that come closest, but I only quote passages that answer. Please ask in other words, for example with a name, a place or a date.
source-title = “{ $title }”
source-author = by { $author }
source-day = dated { $day }
source-translations = the translations are unofficial
source-note = note: { $note }
source-link = { $title }: { $url }
source-without-link = I do not know of a web address for “{ $title }”.
key-sentence = { $section } — “{ $quote }” (¶{ $paragraph })
key-sentence-without-section = “{ $quote }” (¶{ $paragraph })
key-sentence-translation = Unofficial translation: { $text }

# Refusals and failures
question-too-long = The question is too long: at most { $limit } characters can be read. Please shorten it.
question-empty = There is no readable text in the question. Please write it in words.
busy = Too many questions are waiting just now. Please ask again in a moment.
slow-down = { $seconds ->
    [one] You have asked many questions in a short time. Please try again in one second.
   *[other] You have asked many questions in a short time. Please try again in { $seconds } seconds.
}
failed = Something went wrong on our side, and the question was not answered. Please ask again.
collection-unavailable = This collection of documents cannot be used just now. Please ask again later.

# About the bot
about = I answer questions from these sources: { $sources }. Every answer is a quotation with its place in the source; translations are unofficial.
sources-title = Sources
sources-line = { $passages ->
    [one] { $title } — { $author } ({ $passages } passage)
   *[other] { $title } — { $author } ({ $passages } passages)
}
sources-line-without-author = { $passages ->
    [one] { $title } ({ $passages } passage)
   *[other] { $title } ({ $passages } passages)
}
privacy = Your questions are not written to any log. For { $minutes } minutes, I remember your last question and the passages I cited, so that you can ask follow-up questions. Ratings are kept without your name. The command “forget” deletes all of this.
privacy-kept = Questions are kept to improve the answers, without anything that says who asked. For { $minutes } minutes, I also remember your last question and the passages I cited, so that you can ask follow-up questions. Ratings are kept without your name. The command “forget” deletes all of this, except the questions kept to improve the answers.
forgotten = Everything kept about you has been deleted.
language-set = I will reply in English.
language-automatic = I will reply in the language of your question.
feedback-thanks = Thank you for the feedback.
feedback-why = Thank you. What was wrong?

# The collection of a chat
collection-here = In this chat, I answer from the collection “{ $name }”.
collection-choices = In this chat, I answer from the collection “{ $name }”. To choose another one, write { $command } followed by one of these names: { $names }.
collection-set = From now on, I answer in this chat from the collection “{ $name }”.
collection-unknown = There is no collection of that name. The names are: { $names }.
collection-fixed = In this chat, I answer from the collection “{ $name }”. Whoever runs the bot has set this, and it cannot be changed here.
collection-not-yours = In this chat, I answer from the collection “{ $name }”. Only administrators can change this.

# Buttons
button-next = Next passage
button-around = Surrounding text
button-original = Original
button-translation = Translation
button-open = Open in the source
button-helpful = Helpful
button-not-helpful = Not helpful
button-wrong-passage = Wrong passage
button-not-answered = Does not answer
button-other = Something else
