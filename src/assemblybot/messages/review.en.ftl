# What a curator sees, in the terminal and on the page. Nobody else does.
review-title = Questions to review
review-none = No question is waiting for a decision.
review-waiting = { $count ->
    [one] One question is waiting for a decision.
   *[other] { $count } questions are waiting for a decision.
}
review-asked = { $count ->
    [one] Asked once, on { $day }
   *[other] Asked { $count } times, last on { $day }
}
review-why-refused = Refused
review-why-close = Answered with a caveat
review-why-unhelpful = { $count ->
    [one] One person said that the answer did not help
   *[other] { $count } people said that the answer did not help
}
review-reason-wrong-passage = wrong passage
review-reason-not-answered = the question is not answered
review-reason-other = another reason
review-cited = Cited: { $passages }
review-nothing-cited = Nothing was cited.
review-offered = The closest passages now:

# What can be decided; the letters and digits are the keys
review-key-answers = this passage answers it
review-key-passage = another passage answers it
review-key-not-in-documents = not in the documents
review-key-wrong = the cited passage is wrong
review-key-skip = decide later
review-key-take-back = take the last decision back
review-key-leave = quit
review-which-passage = Passage (document#number):
review-unknown-key = This key does not stand for any decision.
review-done-answers = From now on, { $passage } answers it.
review-done-not-in-documents = Recorded: not in the documents.
review-done-wrong = Recorded: the cited passage is wrong.
review-done-taken-back = The decision has been taken back.

# Before and after
review-report = Before and after
review-no-report = Nothing has been decided yet.
review-right = Correct before: { $before } of { $count }. Correct now: { $now }.
review-mended = Improved
review-hurt = Worsened
review-wrong-now = Still wrong
review-right-now = Correct as before
review-gone = The passage is no longer in the documents
review-waiting-report = { $count ->
    [one] One decision has not been tested with this index yet.
   *[other] { $count } decisions have not been tested with this index yet.
}
review-outcome-refused = refused
review-outcome = before: { $before }; now: { $now }

# The page
review-to-report = Before and after
review-to-queue = Back to the questions
review-take-back-this = Take back
review-decide = Decide
review-key-needed = A key is needed
review-key-needed-text = This page is for curators. Enter a key from REVIEW_KEYS as the password; any name will do.
review-not-decided = Nothing was decided
review-form-old = The form is not from this page, or it is too old. Open the page again and decide there.
review-form-unfit = The form cannot be read. Open the page again and decide there.
review-meanwhile = This question is no longer waiting: it has been decided, or it is no longer kept.
