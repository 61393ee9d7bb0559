# Documents that curators send in a chat. Nobody else sees these, except the last one.
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
documents-replaces = Este archivo reemplazaría al documento «{ $title }» ({ $document }).
documents-twin = «{ $title }» ({ $document }) ya contiene exactamente este archivo. No hay nada que hacer.
documents-meanwhile = Algo ha cambiado desde la vista previa. Esta es la situación actual:
documents-added = Se ha añadido «{ $title }». En unos segundos responderé también a partir de él.
documents-replaced = «{ $title }» ha reemplazado al documento anterior. En unos segundos responderé a partir de él.
documents-remove = ¿Quitar «{ $title }» ({ $document })? Entonces ya no responderé a partir de él.
documents-removed = Se ha quitado «{ $title }». En unos segundos ya no responderé a partir de él.
documents-cancelled = No se ha cambiado nada.
documents-list = Documentos que se pueden quitar aquí:
documents-listed = «{ $title }» — idioma: { $language }
documents-none = No hay ningún documento con ese nombre.
documents-more-listed = { $count ->
    [one] Hay un documento más que no se muestra. Para encontrarlo, escribe una parte de su título después del comando.
   *[other] Hay { $count } documentos más que no se muestran. Para encontrar uno, escribe una parte de su título después del comando.
}

# What is refused
documents-too-large = El archivo es demasiado grande: aquí se pueden enviar { $limit } MB como máximo. Divídelo, por favor.
documents-wrong-type = No puedo leer archivos de este tipo. Puedo leer estos: { $types }
documents-link-refused = Solo abro enlaces https a estos servidores: { $hosts }
documents-private = Ese servidor está en una red privada, así que no descargo nada de él. Envía el propio archivo, por favor.
documents-not-fetched = No se ha podido descargar el archivo entero. Envíalo de nuevo, por favor.
documents-scope = La aplicación no puede leer archivos aquí. Quien la instaló debe añadir el permiso files:read e instalarla de nuevo.
documents-refused = No se ha cambiado nada: { $reason }
documents-unwritable = Los documentos no se pueden cambiar aquí, porque su carpeta es de solo lectura. Avisa a quien gestiona el bot, por favor.
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
