# What was found
answered = { $count ->
    [one] My sources answer this:
   *[other] My sources answer this in { $count } passages:
}
answered-unsure = This comes closest in my sources, but may not answer your question:
answered-differ = My sources differ on this:
answered-list = My sources list these points:
not-in-corpus = My sources do not answer this question.
try-one-of-these = They do answer questions such as:
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
dated-title = { $title }, { $day }
translation-label = Unofficial translation
rest-of-passage = Rest of the passage
more-passages = Other passages

# Texts that ask nothing
greeting = Hello! Ask me about { $sources }. I answer with passages quoted word for word.
thanks = You’re welcome. Ask another question whenever you like.
goodbye = Goodbye!
help = Ask a question in Arabic, Darija, French, English or Spanish. I look for the passages of my sources that answer it and quote them word for word, with their place. If they do not answer, I say so.
chatter = I answer questions about my sources. Ask me one whenever you like.

# Turns about the bot, about a document, or about the last answer
complaint = I am sorry that this did not help. Please ask in other words, for example with a name, a place or a date.
complaint-passages = I am sorry that this did not help. These passages come next; if none of them fits, please ask in other words, for example with a name, a place or a date:
about-bot = I am a program that answers questions, in Arabic, Darija, French, English or Spanish, with passages quoted word for word and their place in the source. If my sources do not answer, I say so. My sources:
summary = What it says, with a sentence quoted from each section:
choice = I have several documents; ask me about one of them. They are:
link = Where it can be read:
author = What I know of its author and its translations:
translate = The last answer again, in English:
untranslated = My sources do not have this in English. The last answer again, as it stands there:
more = This comes next:
why = The passages around the last answer may say why:
end = The document ends here.
nothing-yet = I have not answered anything yet that this could refer to. Please ask a question first.
refused = No passage of my sources answers “{ $question }”. I looked at those that come closest, and I quote only what answers. Please ask in other words, for example with a name, a place or a date.
source-title = “{ $title }”
source-author = by { $author }
source-day = of { $day }
source-translations = the translations are unofficial
source-note = note: { $note }
source-link = { $title }: { $url }
source-without-link = I know of no address for “{ $title }”.
key-sentence = { $section } — “{ $quote }” (¶{ $paragraph })
key-sentence-without-section = “{ $quote }” (¶{ $paragraph })
key-sentence-translation = Unofficial translation: { $text }

# Refusals and failures
question-too-long = The question is too long: at most { $limit } characters can be read. Please shorten it.
question-empty = There is no readable text in the question. Please ask it in words.
busy = Too many questions are waiting just now. Please ask again in a moment.
slow-down = { $seconds ->
    [one] You have asked a lot in a short time. Please try again in one second.
   *[other] You have asked a lot in a short time. Please try again in { $seconds } seconds.
}
failed = Something went wrong on our side, and the question was not answered. Please ask again.
collection-unavailable = This collection of documents cannot be used just now. Please ask again later.

# About the bot
about = I answer questions from these sources: { $sources }. Every answer is a quotation with its place in the source; translations are unofficial.
sources-title = Sources
sources-line = { $title } — { $author } ({ $passages } passages)
privacy = Your questions are not written to any log. For follow-up questions I remember your last question and what I cited for { $minutes } minutes. Ratings are kept without your name. The command “forget” deletes all of it.
privacy-kept = Questions are kept without anything that says who asked, to improve the answers; the command “forget” cannot delete them. For follow-up questions I remember your last question and what I cited for { $minutes } minutes. Ratings are kept without your name. The command “forget” deletes both.
forgotten = Everything kept about you has been deleted.
language-set = I will speak English with you.
language-automatic = I will speak the language of your question.
feedback-thanks = Thank you for the feedback.
feedback-why = Thank you. What was wrong?

# The collection of a chat
collection-here = This chat is answered from the collection “{ $name }”.
collection-choices = This chat is answered from the collection “{ $name }”. To choose another one, write { $command } with one of these names: { $names }.
collection-set = From now on this chat is answered from the collection “{ $name }”.
collection-unknown = There is no collection of that name. These are the names: { $names }.
collection-fixed = This chat is answered from the collection “{ $name }”. Whoever runs the bot has set that, and it cannot be changed here.
collection-not-yours = This chat is answered from the collection “{ $name }”. Only its administrators can change that.

# Buttons
button-next = Next passage
button-around = Around it
button-original = Original
button-translation = Translation
button-open = Open in the source
button-helpful = Helpful
button-not-helpful = Not helpful
button-wrong-passage = Wrong passage
button-not-answered = Does not answer
button-other = Something else
