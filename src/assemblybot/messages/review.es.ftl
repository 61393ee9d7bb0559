# What a curator sees, in the terminal and on the page. Nobody else does.
review-title = Preguntas por revisar
review-none = Ninguna pregunta espera una decisión.
review-waiting = { $count ->
    [one] Una pregunta espera una decisión.
   *[other] { $count } preguntas esperan una decisión.
}
review-asked = { $count ->
    [one] Hecha una vez, el { $day }
   *[other] Hecha { $count } veces, la última el { $day }
}
review-why-refused = Quedó sin respuesta
review-why-close = Respondida con reservas
review-why-unhelpful = { $count ->
    [one] Una persona dijo que la respuesta no le sirvió
   *[other] { $count } personas dijeron que la respuesta no les sirvió
}
review-reason-wrong-passage = pasaje equivocado
review-reason-not-answered = la pregunta queda sin respuesta
review-reason-other = otro motivo
review-cited = Citado: { $passages }
review-nothing-cited = No se citó nada.
review-offered = Los pasajes más cercanos ahora:

# What can be decided; the letters and digits are the keys
review-key-answers = este pasaje la responde
review-key-passage = otro pasaje la responde
review-key-not-in-documents = no está en los documentos
review-key-wrong = el pasaje citado no es el correcto
review-key-skip = decidir más tarde
review-key-take-back = deshacer la última decisión
review-key-leave = salir
review-which-passage = Pasaje (documento#número):
review-unknown-key = Esta tecla no corresponde a ninguna decisión.
review-done-answers = A partir de ahora la responde { $passage }.
review-done-not-in-documents = Anotado: no está en los documentos.
review-done-wrong = Anotado: el pasaje citado no es el correcto.
review-done-taken-back = Decisión deshecha.

# Before and after
review-report = Antes y después
review-no-report = Aún no hay nada decidido.
review-right = Correctas antes: { $before } de { $count }. Correctas ahora: { $now }.
review-mended = Corregida
review-hurt = Empeorada
review-wrong-now = Sigue mal
review-right-now = Correcta como antes
review-gone = El pasaje ya no está en los documentos
review-waiting-report = { $count ->
    [one] Una decisión aún no se ha comprobado con este índice.
   *[other] { $count } decisiones aún no se han comprobado con este índice.
}
review-outcome-refused = sin respuesta
review-outcome = antes: { $before }; ahora: { $now }

# The page
review-to-report = Antes y después
review-to-queue = Volver a las preguntas
review-take-back-this = Deshacer
review-decide = Decidir
review-key-needed = Se necesita una clave
review-key-needed-text = Esta página es para quienes revisan las preguntas. Escribe una clave de REVIEW_KEYS como contraseña; el nombre es libre.
review-not-decided = No se decidió nada
review-form-old = El formulario no viene de esta página o es demasiado antiguo. Abre de nuevo la página y decide allí.
review-form-unfit = El formulario no se puede leer. Abre de nuevo la página y decide allí.
review-meanwhile = Esta pregunta ya no espera: está decidida o ya no se guarda.
