# The prompt of the REPL
repl-banner = assemblybot { $version }: answers quoted from documents, with their place. Ask in Arabic, Darija, French, English or Spanish. “:help” lists the commands, “exit” quits.
repl-opening = opening the index …
repl-building = building the index, step { $step }: { $percent } %
repl-more = what comes after the last passage cited
repl-context = N passages around the first one cited
repl-lang = reply in ar, fr, en or es, whatever the language of the question
repl-why = the scores behind the last answer
repl-open = passage N of the document
repl-help = this list
repl-quit = quit
repl-nothing-cited = Nothing has been cited yet.
repl-no-scores = There are no scores yet.
repl-choose-language = Choose one of: { $codes }
repl-no-passage = There is no passage { $passage }.
