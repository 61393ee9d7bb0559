# What was found
answered = { $count ->
    [one] Mis fuentes responden a esto:
   *[other] Mis fuentes responden a esto en { $count } pasajes:
}
answered-unsure = Esto es lo más cercano que hay en mis fuentes; quizá no responda a la pregunta:
answered-list = Mis fuentes enumeran estos puntos:
not-in-corpus = Mis fuentes no responden a esta pregunta.
try-one-of-these = Sí responden a preguntas como:
examples = Por ejemplo:

# Parts of an answer
citation = { $count ->
    [one] ¶{ $paragraphs } · { $section } · { $title }
   *[other] ¶¶{ $paragraphs } · { $section } · { $title }
}
citation-without-section = { $count ->
    [one] ¶{ $paragraphs } · { $title }
   *[other] ¶¶{ $paragraphs } · { $title }
}
translation-label = Traducción no oficial
rest-of-passage = Resto del pasaje
more-passages = Otros pasajes

# Texts that ask nothing
greeting = ¡Hola! Pregúntame sobre { $sources }. Respondo con pasajes citados palabra por palabra.
thanks = De nada. Haz otra pregunta cuando quieras.
goodbye = ¡Hasta pronto!
help = Haz una pregunta en árabe, dariya, francés, inglés o español. Busco los pasajes de mis fuentes que la responden y los cito palabra por palabra, con su ubicación. Si no la responden, lo digo.
chatter = Respondo a preguntas sobre mis fuentes. Hazme una cuando quieras.

# Refusals and failures
question-too-long = La pregunta es demasiado larga: como máximo { $limit } caracteres. Hazla más corta.
question-empty = La pregunta no contiene texto legible. Hazla con palabras.
busy = Ahora mismo hay demasiadas preguntas en espera. Vuelve a intentarlo en un momento.
slow-down = { $seconds ->
    [one] Has preguntado mucho en poco tiempo. Vuelve a intentarlo dentro de un segundo.
   *[other] Has preguntado mucho en poco tiempo. Vuelve a intentarlo dentro de { $seconds } segundos.
}
failed = Algo ha fallado por nuestra parte y la pregunta ha quedado sin respuesta. Vuelve a hacerla.

# About the bot
about = Respondo a preguntas a partir de estas fuentes: { $sources }. Cada respuesta es una cita con su ubicación en la fuente; las traducciones no son oficiales.
sources-title = Fuentes
sources-line = { $title } — { $author } ({ $passages } pasajes)
privacy = Tus preguntas no se escriben en ningún registro. Para las preguntas de seguimiento recuerdo tu última pregunta y lo que cité durante { $minutes } minutos. Las valoraciones se guardan sin tu nombre. El comando «forget» lo borra todo.
privacy-kept = Las preguntas se guardan sin nada que diga quién las hizo, para mejorar las respuestas; el comando «forget» no puede borrarlas. Para las preguntas de seguimiento recuerdo tu última pregunta y lo que cité durante { $minutes } minutos. Las valoraciones se guardan sin tu nombre. El comando «forget» borra ambas cosas.
forgotten = Se ha borrado todo lo que se guardaba sobre ti.
language-set = Te hablaré en español.
language-automatic = Te hablaré en el idioma de tu pregunta.
feedback-thanks = Gracias por tu opinión.

# Buttons
button-next = Pasaje siguiente
button-around = Alrededor
button-original = Original
button-translation = Traducción
button-open = Abrir en la fuente
button-helpful = Útil
button-not-helpful = No útil
