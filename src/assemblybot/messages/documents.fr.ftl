# Documents that curators send in a chat. Nobody else sees these, except the last one.
documents-preview = Aperçu : « { $title } »
documents-collection = Collection : { $name }
documents-about = { $count ->
    [one] Langue : { $language }. { $count } passage.
   *[other] Langue : { $language }. { $count } passages.
}
documents-left-out = Laissé de côté : { $what }
documents-note = Remarque : { $what }
documents-more = { $count ->
    [one] … et { $count } autre.
   *[other] … et { $count } autres.
}
documents-replaces = Ce fichier remplacerait le document « { $title } » ({ $document }).
documents-twin = Le document « { $title } » ({ $document }) contient déjà exactement ce fichier. Il n’y a rien à faire.
documents-meanwhile = Quelque chose a changé depuis l’aperçu. Voici la situation actuelle :
documents-added = Le document « { $title } » a été ajouté. Dans quelques secondes, j’en tirerai aussi mes réponses.
documents-replaced = Le document « { $title } » a remplacé le précédent. Dans quelques secondes, j’en tirerai mes réponses.
documents-remove = Retirer le document « { $title } » ({ $document }) ? Je n’en tirerai alors plus de réponses.
documents-removed = Le document « { $title } » a été retiré. Dans quelques secondes, je n’en tirerai plus de réponses.
documents-cancelled = Rien n’a été modifié.
documents-list = Documents que l’on peut retirer ici :
documents-listed = « { $title } » — langue : { $language }
documents-none = Il n’y a pas de document de ce nom.
documents-more-listed = { $count ->
    [one] Un autre document n’est pas affiché. Pour le trouver, écrivez une partie de son titre après la commande.
   *[other] { $count } autres documents ne sont pas affichés. Pour en trouver un, écrivez une partie de son titre après la commande.
}

# What is refused
documents-too-large = Le fichier est trop volumineux : on peut envoyer ici { $limit } Mo au plus. Veuillez le diviser.
documents-wrong-type = Je ne peux pas lire les fichiers de ce type. Je peux lire ceux-ci : { $types }
documents-link-refused = Je n’ouvre que les liens https vers ces hôtes : { $hosts }
documents-private = Cet hôte se trouve dans un réseau privé ; je n’y récupère donc rien. Veuillez envoyer le fichier lui-même.
documents-not-fetched = Le fichier n’a pas pu être récupéré en entier. Veuillez l’envoyer à nouveau.
documents-scope = L’application n’a pas le droit de lire les fichiers ici. La personne qui l’a installée doit ajouter l’autorisation files:read et l’installer à nouveau.
documents-refused = Rien n’a été modifié : { $reason }
documents-unwritable = Les documents ne peuvent pas être modifiés ici, car leur dossier est en lecture seule. Veuillez en informer la personne qui exploite le bot.
documents-only = « { $title } » est le seul document. Veuillez en ajouter un autre avant de le retirer.
documents-expired = Cet aperçu a expiré. Veuillez recommencer.

# Buttons
documents-button-add = Ajouter
documents-button-replace = Remplacer
documents-button-remove = Retirer
documents-button-remove-titled = Retirer « { $title } »
documents-button-cancel = Annuler

# For everybody else
documents-curators-only = Seuls les responsables des documents peuvent les modifier.
