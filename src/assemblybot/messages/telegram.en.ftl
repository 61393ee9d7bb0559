# Replies
telegram-ask-how = Write your question after /ask, or reply with /ask to the message that asks it.
telegram-only-text = I can only read text. Please write your question in words.
telegram-choose-language = In which language shall I reply?
telegram-language-automatic = The language of the question
telegram-outdated = The sources have changed since this answer. Please ask again.
telegram-too-old = This message can no longer be changed. Please ask again.
telegram-items-left = { $count ->
    [one] The source lists one more point.
   *[other] The source lists { $count } more points.
}
telegram-whole-passage = The whole passage
telegram-context-empty = I remember none of your questions.
telegram-context = { $minutes ->
    [one] For follow-up questions, I remember this for one minute:
   *[other] For follow-up questions, I remember this for { $minutes } minutes:
}
telegram-context-refused = The last question, which my sources did not answer:

# Buttons
telegram-button-back = Back to the answer
telegram-button-forget = Forget me
telegram-inline-start = Open a chat with me

# Shown by Telegram before the first message and in menus
telegram-short-description = Ask in Arabic, Darija, French, English or Spanish; the answer is a quotation with its place in the source.
telegram-description =
    I answer questions from my sources, in Arabic, Darija, French, English and Spanish.
    Every answer is a passage quoted word for word, with its place. When the sources do not answer, I say so.
telegram-command-ask = Ask a question
telegram-command-sources = What I answer from
telegram-command-lang = Choose the language of my replies
telegram-command-context = What I remember of this conversation
telegram-command-privacy = What is kept about you
telegram-command-forget = Delete everything kept about you
telegram-command-collection = Choose the documents for this chat
telegram-command-help = How to ask
