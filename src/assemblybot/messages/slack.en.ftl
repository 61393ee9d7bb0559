# While an answer is made
slack-working = is searching the sources…
slack-loading-read = Reading the sources…
slack-loading-compare = Comparing passages…

# Parts of a message
slack-around = The passage and the ones around it
slack-cut = This passage is long; only its beginning is shown here.
slack-shared-by = Shared by { $user }
slack-passage-gone = That passage is no longer in the sources. Please ask again.
slack-more-sources = { $count ->
    [one] … and one more document
   *[other] … and { $count } more documents
}

# Buttons
slack-button-whole = Whole passage
slack-button-answer = Only the answer
slack-button-share = Share in channel
slack-button-ask = Ask
slack-button-forget = Forget me
slack-button-cancel = Cancel
slack-automatic = Language of the question

# The command
slack-usage = { $command } followed by a question: only you see my answer, and you can share it.
slack-usage-words = { $command } followed by “help”, “sources”, “lang”, “privacy” or “forget”: shows what I can do, my sources, the language of my replies or what I keep about you, or deletes what I keep.
slack-usage-elsewhere = You can also mention me in a channel that I was invited to ({ $invite }), write to me directly, or choose “Ask the sources” in the menu of any message.
slack-usage-quiet = { $command } followed by “quiet”: in this channel, I then answer only when I am mentioned; “quiet off” undoes this. In a thread, mention me with the same words.
slack-usage-collection = { $command } followed by “collection”: shows which documents I answer from here, and how to choose others.
slack-language-choices = Choose the language in which I reply: { $choices }.
slack-no-text = That message has no text to ask the sources about.
slack-only-text = I can only read text. Please write your question in words.
slack-not-invited = I am not a member of { $channel }, so I cannot answer there; this is what I would have answered. To have me answer in the channel, write { $command } there.
slack-quiet = From now on, I answer here only when I am mentioned. { $command } undoes this.
slack-quiet-off = From now on, in threads where I was mentioned, I also answer questions that do not mention me when I am sure of the answer.
slack-quiet-direct = In a direct conversation every message is for me; “quiet” is for channels and threads.

# The agent panel and App Home
slack-prompts = What you can ask
slack-home-about = About
slack-home-coverage = What I answer from
slack-home-questions = What you can ask
slack-home-language = Language of my replies
slack-home-privacy = Privacy
slack-forget-title = Forget everything?
slack-forget-text = Your last questions, your choice of language and your ratings will be deleted immediately.
