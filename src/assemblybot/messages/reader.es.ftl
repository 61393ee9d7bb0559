# On every page
reader-skip = Ir al texto
reader-documents = Documentos
reader-ask-label = Preguntar a las fuentes
reader-ask-hint = Haz una pregunta en cualquiera de los cinco idiomas
reader-ask-button = Preguntar
reader-languages = Idioma de las páginas
reader-display = Presentación
reader-colours = Colores
reader-colours-auto = Como el dispositivo
reader-colours-light = Claros
reader-colours-dark = Oscuros
reader-show = Mostrar
reader-promise = Las preguntas hechas aquí no se guardan. Las traducciones no son oficiales.
reader-promise-kept = Las preguntas hechas aquí se guardan sin nada que indique quién las hizo. Las traducciones no son oficiales.

# The first page
reader-introduction = Pregunta en árabe, dariya, francés, inglés o español. La respuesta se cita palabra por palabra de estos documentos, con su ubicación. Si no responden, la página lo dice.
reader-previous = Documentos anteriores
reader-next = Documentos siguientes
reader-list-page = Página { $number } de { $count }

# A document
reader-sections = Secciones
reader-paragraph = Párrafo { $number }
reader-translation = Traducción
reader-no-translation = Ninguna
reader-translated = Junto al original figura una traducción no oficial. Solo el original tiene validez.
reader-dates = del { $begins } al { $ends }
reader-about = Sobre este documento
reader-title = Título
reader-author = Autor
reader-source = Fuente
reader-licence = Licencia
reader-event = Evento
reader-place = Lugar
reader-when = Fecha
reader-note = Nota
reader-passages = { $count ->
    [one] { $count } pasaje
   *[other] { $count } pasajes
}

# An answer
reader-answer = Respuesta
reader-question = Tu pregunta

# No page
reader-no-page = Esta página no existe
reader-no-page-text = Puede que el documento haya cambiado de nombre o se haya retirado. Todos los documentos figuran en la primera página.
reader-no-answer = Sin respuesta
