# The prompt of the REPL
repl-banner = assemblybot { $version }: respuestas citadas de documentos, con su ubicación. Pregunta en árabe, dariya, francés, inglés o español. «:help» muestra los comandos y «exit» cierra el programa.
repl-opening = abriendo el índice …
repl-building = construyendo el índice, paso { $step }: { $percent } %
repl-more = lo que sigue al último pasaje citado
repl-context = N pasajes alrededor del primero citado
repl-lang = responder en ar, fr, en o es, sea cual sea el idioma de la pregunta
repl-why = las puntuaciones de la última respuesta
repl-open = el pasaje N del documento
repl-help = esta lista
repl-quit = salir
repl-nothing-cited = Todavía no se ha citado nada.
repl-no-scores = Todavía no hay puntuaciones.
repl-choose-language = Elige entre: { $codes }
repl-no-passage = No existe el pasaje { $passage }.
