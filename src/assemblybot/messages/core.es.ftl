# What was found
answered = Mis fuentes responden a esto:
answered-unsure = Esto es lo que más se acerca en mis fuentes, pero quizá no responda a tu pregunta:
answered-differ = Mis fuentes no coinciden en este punto:
answered-list = Mis fuentes enumeran estos puntos:
not-in-corpus = Mis fuentes no responden a esta pregunta.
try-one-of-these = Prueba, por ejemplo, con lo siguiente:
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
paged-title = { $title }, página { $page }
dated-title = { $title }, { $day }
translation-label = Traducción no oficial
rest-of-passage = Resto del pasaje
more-passages = Otros pasajes

# Texts that ask nothing
greeting = ¡Hola! Pregúntame sobre { $sources }. Respondo con pasajes citados palabra por palabra.
thanks = De nada. Haz otra pregunta cuando quieras.
goodbye = ¡Hasta pronto!
help = Haz una pregunta en árabe, dariya, francés, inglés o español. Busco los pasajes de mis fuentes que la responden y los cito palabra por palabra, con su ubicación. Si no la responden, lo digo.
chatter = Respondo a preguntas sobre mis fuentes. Hazme una cuando quieras.

# Turns about the bot, about a document, or about the last answer
complaint = Siento que no te haya servido. Reformula la pregunta, por ejemplo con un nombre, un lugar o una fecha.
complaint-passages = Siento que no te haya servido. Si tampoco te sirve ninguno de los pasajes siguientes, reformula la pregunta, por ejemplo con un nombre, un lugar o una fecha:
about-bot = Soy un programa que responde a preguntas en árabe, dariya, francés, inglés o español, con pasajes citados palabra por palabra y su ubicación en la fuente. Si mis fuentes no responden, lo digo. Mis fuentes:
summary = Esto es lo que dice el documento, en una frase citada de cada sección:
choice = Tengo varios documentos. Pregúntame sobre uno de ellos:
link = Dónde se puede leer:
author = Lo que sé de su autor y de sus traducciones:
translate = Aquí tienes de nuevo la última respuesta, en español:
untranslated = Este texto no está en español en mis fuentes. Aquí tienes de nuevo la última respuesta, tal como figura en la fuente:
more = Esto es lo que sigue:
why = Los pasajes cercanos a la última respuesta quizá digan por qué:
end = El documento termina aquí.
nothing-yet = Todavía no he dado ninguna respuesta a la que esto pueda referirse. Haz primero una pregunta.
refused = Ningún pasaje de mis fuentes responde a «{ $question }». He examinado los pasajes que más se acercan, pero solo cito los que responden. Pregunta con otras palabras, por ejemplo con un nombre, un lugar o una fecha.
source-title = «{ $title }»
source-author = por { $author }
source-day = del { $day }
source-translations = las traducciones no son oficiales
source-note = nota: { $note }
source-link = { $title }: { $url }
source-without-link = No conozco ninguna dirección web de «{ $title }».
key-sentence = { $section } — «{ $quote }» (¶{ $paragraph })
key-sentence-without-section = «{ $quote }» (¶{ $paragraph })
key-sentence-translation = Traducción no oficial: { $text }

# Refusals and failures
question-too-long = La pregunta es demasiado larga: como máximo { $limit } caracteres. Hazla más corta.
question-empty = La pregunta no contiene texto legible. Escríbela con palabras.
busy = Ahora mismo hay demasiadas preguntas en espera. Vuelve a intentarlo en un momento.
slow-down = { $seconds ->
    [one] Has hecho muchas preguntas en poco tiempo. Vuelve a intentarlo dentro de un segundo.
   *[other] Has hecho muchas preguntas en poco tiempo. Vuelve a intentarlo dentro de { $seconds } segundos.
}
failed = Algo ha fallado por nuestra parte y la pregunta ha quedado sin respuesta. Vuelve a hacerla.
collection-unavailable = Esta colección de documentos no se puede usar en este momento. Vuelve a preguntar más tarde, por favor.

# About the bot
about = Respondo a preguntas a partir de estas fuentes: { $sources }. Cada respuesta es una cita con su ubicación en la fuente; las traducciones no son oficiales.
sources-title = Fuentes
sources-line = { $passages ->
    [one] { $title } — { $author } ({ $passages } pasaje)
   *[other] { $title } — { $author } ({ $passages } pasajes)
}
sources-line-without-author = { $passages ->
    [one] { $title } ({ $passages } pasaje)
   *[other] { $title } ({ $passages } pasajes)
}
privacy = Tus preguntas no se guardan en ningún registro. Durante { $minutes } minutos recuerdo tu última pregunta y los pasajes que cité, para que puedas hacer preguntas de seguimiento. Las valoraciones se guardan sin tu nombre. El comando «forget» borra todo esto.
privacy-kept = Las preguntas se guardan para mejorar las respuestas, sin nada que indique quién las hizo. Durante { $minutes } minutos recuerdo también tu última pregunta y los pasajes que cité, para que puedas hacer preguntas de seguimiento. Las valoraciones se guardan sin tu nombre. El comando «forget» borra todo esto, salvo las preguntas guardadas para mejorar las respuestas.
forgotten = Se ha borrado todo lo que se guardaba sobre ti.
language-set = Te responderé en español.
language-automatic = Te responderé en el idioma de tu pregunta.
feedback-thanks = Gracias por tu opinión.
feedback-why = Gracias. ¿Qué ha fallado?

# The collection of a chat
collection-here = En esta conversación respondo a partir de la colección «{ $name }».
collection-choices = En esta conversación respondo a partir de la colección «{ $name }». Para elegir otra, escribe { $command } seguido de uno de estos nombres: { $names }.
collection-set = A partir de ahora, en esta conversación responderé a partir de la colección «{ $name }».
collection-unknown = No hay ninguna colección con ese nombre. Los nombres son: { $names }.
collection-fixed = En esta conversación respondo a partir de la colección «{ $name }». Lo ha fijado quien gestiona el bot y no se puede cambiar aquí.
collection-not-yours = En esta conversación respondo a partir de la colección «{ $name }». Solo los administradores pueden cambiarlo.

# Buttons
button-next = Pasaje siguiente
button-around = Pasajes cercanos
button-original = Original
button-translation = Traducción
button-open = Ver en la fuente
button-helpful = Útil
button-not-helpful = No útil
button-wrong-passage = Pasaje equivocado
button-not-answered = No responde
button-other = Otra cosa
