# The prompt of the REPL
repl-banner = assemblybot { $version } : des réponses citées à partir de documents, avec leur emplacement. Posez vos questions en arabe, en darija, en français, en anglais ou en espagnol. « :help » énumère les commandes, « exit » quitte.
repl-opening = ouverture de l’index …
repl-building = construction de l’index, étape { $step } : { $percent } %
repl-more = la suite du dernier passage cité
repl-context = N passages autour du premier passage cité
repl-lang = répondre en ar, fr, en ou es, quelle que soit la langue de la question
repl-why = les scores de la dernière réponse
repl-open = le passage N du document
repl-help = cette liste
repl-quit = quitter
repl-nothing-cited = Rien n’a encore été cité.
repl-no-scores = Il n’y a pas encore de scores.
repl-choose-language = Choisissez parmi : { $codes }
repl-no-passage = Le passage { $passage } n’existe pas.
