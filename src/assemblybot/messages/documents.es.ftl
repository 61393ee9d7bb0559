# Documents that curators send in a chat. Nobody else sees these, but for the last one.
documents-preview = Vista previa: «{ $title }»
documents-collection = Colección: { $name }
documents-about = { $count ->
    [one] Idioma: { $language }. Un pasaje.
   *[other] Idioma: { $language }. { $count } pasajes.
}
documents-left-out = Omitido: { $what }
documents-note = Nota: { $what }
documents-more = { $count ->
    [one] … y uno más.
   *[other] … y { $count } más.
}
documents-replaces = Ocuparía el lugar de «{ $title }» ({ $document }).
documents-twin = «{ $title }» ({ $document }) ya contiene exactamente este archivo. No hay nada que hacer.
documents-meanwhile = Algo ha cambiado desde la vista previa. Ahora es así:
documents-added = Se ha añadido «{ $title }». En unos segundos responderé también a partir de él.
documents-replaced = «{ $title }» ha ocupado el lugar del documento anterior. En unos segundos responderé a partir de él.
documents-remove = ¿Quitar «{ $title }» ({ $document })? Ya no responderé a partir de él.
documents-removed = Se ha quitado «{ $title }». En unos segundos ya no responderé a partir de él.
documents-cancelled = No se ha cambiado nada.
documents-list = Documentos que se pueden quitar aquí:
documents-listed = «{ $title }» — idioma: { $language }
documents-none = No hay ningún documento con ese nombre.
documents-more-listed = { $count ->
    [one] Hay uno más que no se muestra. Escribe una parte de su título después del comando.
   *[other] Hay { $count } más que no se muestran. Escribe una parte de su título después del comando.
}

# What is refused
documents-too-large = El archivo es demasiado grande: aquí se pueden enviar { $limit } MB como máximo. Divídelo, por favor.
documents-wrong-type = Los archivos de este tipo no se pueden leer. Estos sí: { $types }
documents-link-refused = Los enlaces solo se siguen por https y hacia estos servidores: { $hosts }
documents-private = Ese servidor está en una red privada, así que no se descarga nada de allí. Envía el propio archivo, por favor.
documents-not-fetched = No se ha podido descargar el archivo entero. Envíalo de nuevo, por favor.
documents-scope = La aplicación no puede leer archivos aquí. Quien la instaló debe añadir el permiso files:read e instalarla de nuevo.
documents-refused = No se ha cambiado nada: { $reason }
documents-unwritable = Los documentos no se pueden cambiar aquí, porque no se puede escribir en su carpeta. Avisa a quien administra el bot, por favor.
documents-only = «{ $title }» es el único documento. Añade otro antes de quitarlo, por favor.
documents-expired = Esta vista previa ha caducado. Empieza de nuevo, por favor.

# Buttons
documents-button-add = Añadir
documents-button-replace = Reemplazar
documents-button-remove = Quitar
documents-button-remove-titled = Quitar «{ $title }»
documents-button-cancel = Cancelar

# For everybody else
documents-curators-only = Solo los responsables de los documentos pueden cambiarlos.
