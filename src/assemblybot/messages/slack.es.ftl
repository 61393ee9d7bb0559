# While an answer is made
slack-working = busca en las fuentes…
slack-loading-read = Leyendo las fuentes…
slack-loading-compare = Comparando pasajes…

# Parts of a message
slack-around = El pasaje y los que lo rodean
slack-cut = Este pasaje es largo; aquí solo se muestra el comienzo.
slack-shared-by = Compartido por { $user }
slack-passage-gone = Ese pasaje ya no está en las fuentes. Vuelve a hacer la pregunta.
slack-more-sources = { $count ->
    [one] … y un documento más
   *[other] … y { $count } documentos más
}

# Buttons
slack-button-whole = Pasaje completo
slack-button-answer = Solo la respuesta
slack-button-share = Compartir en el canal
slack-button-ask = Preguntar
slack-button-forget = Borrar mis datos
slack-button-cancel = Cancelar
slack-automatic = Idioma de la pregunta

# The command
slack-usage = { $command } seguido de una pregunta: solo tú ves mi respuesta, y puedes compartirla.
slack-usage-words = { $command } seguido de «help», «sources», «lang», «privacy» o «forget»: muestra qué sé hacer, mis fuentes, el idioma de mis respuestas o lo que guardo sobre ti, o borra lo que guardo.
slack-usage-elsewhere = También puedes mencionarme en un canal al que me hayan invitado ({ $invite }), escribirme en privado o elegir «Ask the sources» en el menú de un mensaje.
slack-usage-quiet = { $command } seguido de «quiet»: a partir de entonces solo respondo en este canal cuando se me menciona; «quiet off» lo anula. En un hilo, mencióname con las mismas palabras.
slack-usage-collection = { $command } seguido de «collection»: muestra a partir de qué documentos respondo aquí y cómo elegir otros.
slack-language-choices = Elige el idioma de mis respuestas: { $choices }.
slack-no-text = Ese mensaje no tiene texto con el que consultar las fuentes.
slack-only-text = Solo puedo leer texto. Escribe tu pregunta con palabras, por favor.
slack-not-invited = No soy miembro de { $channel } y no puedo responder allí; esto es lo que habría respondido. Para que responda en el canal, escribe allí { $command }.
slack-quiet = A partir de ahora, aquí solo respondo cuando se me menciona. { $command } lo anula.
slack-quiet-off = A partir de ahora, en los hilos donde se me mencionó respondo también a las preguntas que no me mencionan, cuando estoy seguro de la respuesta.
slack-quiet-direct = En una conversación directa todos los mensajes son para mí; «quiet» sirve en canales e hilos.

# The agent panel and App Home
slack-prompts = Qué puedes preguntar
slack-home-about = Sobre el bot
slack-home-coverage = Mis fuentes
slack-home-questions = Qué puedes preguntar
slack-home-language = Idioma de mis respuestas
slack-home-privacy = Privacidad
slack-forget-title = ¿Borrarlo todo?
slack-forget-text = Tus últimas preguntas, tu idioma elegido y tus valoraciones se borrarán de inmediato.
