# Replies
telegram-ask-how = Escribe tu pregunta después de /ask, o responde con /ask al mensaje que la contiene.
telegram-only-text = Solo puedo leer texto. Escribe tu pregunta con palabras, por favor.
telegram-choose-language = ¿En qué idioma quieres que te responda?
telegram-language-automatic = El idioma de la pregunta
telegram-outdated = Las fuentes han cambiado desde esta respuesta. Vuelve a hacer la pregunta.
telegram-too-old = Este mensaje ya no se puede cambiar. Vuelve a hacer la pregunta.
telegram-items-left = { $count ->
    [one] Hay un punto más en la fuente.
   *[other] Hay { $count } puntos más en la fuente.
}
telegram-whole-passage = El pasaje completo
telegram-context-empty = No guardo ninguna pregunta tuya.
telegram-context = { $minutes ->
    [one] Para las preguntas de seguimiento guardo esto durante un minuto:
   *[other] Para las preguntas de seguimiento guardo esto durante { $minutes } minutos:
}
telegram-context-refused = La última pregunta, a la que mis fuentes no respondieron:

# Buttons
telegram-button-back = Volver a la respuesta
telegram-button-forget = Borrar mis datos
telegram-inline-start = Abrir un chat conmigo

# Shown by Telegram before the first message and in menus
telegram-short-description = Pregunta en árabe, dariya, francés, inglés o español; la respuesta es una cita con su ubicación en la fuente.
telegram-description =
    Respondo a preguntas a partir de mis fuentes, en árabe, dariya, francés, inglés y español.
    Cada respuesta es un pasaje citado palabra por palabra, con su ubicación. Si las fuentes no responden, lo digo.
telegram-command-ask = Hacer una pregunta
telegram-command-sources = Fuentes de mis respuestas
telegram-command-lang = Elegir el idioma de mis respuestas
telegram-command-context = Lo que recuerdo de la conversación
telegram-command-privacy = Lo que se guarda sobre ti
telegram-command-forget = Borrar todo lo que se guarda sobre ti
telegram-command-collection = Elegir los documentos de esta conversación
telegram-command-help = Cómo preguntar
