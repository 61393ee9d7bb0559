# What a curator sees, in the terminal and on the page. Nobody else does.
review-title = Questions à examiner
review-none = Aucune question n’attend de décision.
review-waiting = { $count ->
    [one] Une question attend une décision.
   *[other] { $count } questions attendent une décision.
}
review-asked = { $count ->
    [one] Posée une fois, le { $day }
   *[other] Posée { $count } fois, la dernière le { $day }
}
review-why-refused = Restée sans réponse
review-why-close = Réponse avec réserves
review-why-unhelpful = { $count ->
    [one] Une personne a signalé que la réponse n’était pas utile
   *[other] { $count } personnes ont signalé que la réponse n’était pas utile
}
review-reason-wrong-passage = mauvais passage
review-reason-not-answered = la question reste sans réponse
review-reason-other = autre raison
review-cited = Cité : { $passages }
review-nothing-cited = Rien n’a été cité.
review-offered = Les passages les plus proches maintenant :

# What can be decided; the letters and digits are the keys
review-key-answers = ce passage y répond
review-key-passage = un autre passage y répond
review-key-not-in-documents = pas dans les documents
review-key-wrong = le passage cité n’est pas le bon
review-key-skip = décider plus tard
review-key-take-back = annuler la dernière décision
review-key-leave = quitter
review-which-passage = Passage (document#numéro) :
review-unknown-key = Cette touche ne correspond à aucune décision.
review-done-answers = Désormais, { $passage } y répond.
review-done-not-in-documents = Noté : pas dans les documents.
review-done-wrong = Noté : le passage cité n’est pas le bon.
review-done-taken-back = Décision annulée.

# Before and after
review-report = Avant et après
review-no-report = Rien n’est encore décidé.
review-right = Correctes avant : { $before } sur { $count }. Correctes maintenant : { $now }.
review-mended = Corrigée
review-hurt = Dégradée
review-wrong-now = Toujours incorrecte
review-right-now = Correcte comme avant
review-gone = Le passage n’est plus dans les documents
review-waiting-report = { $count ->
    [one] Une décision n’a pas encore été vérifiée avec cet index.
   *[other] { $count } décisions n’ont pas encore été vérifiées avec cet index.
}
review-outcome-refused = sans réponse
review-outcome = avant : { $before } ; maintenant : { $now }

# The page
review-to-report = Avant et après
review-to-queue = Retour aux questions
review-take-back-this = Annuler
review-decide = Décider
review-key-needed = Une clé est nécessaire
review-key-needed-text = Cette page est réservée aux personnes qui examinent les questions. Entrez une clé de REVIEW_KEYS comme mot de passe ; le nom est libre.
review-not-decided = Rien n’a été décidé
review-form-old = Le formulaire ne vient pas de cette page, ou il est trop ancien. Rouvrez la page et prenez-y votre décision.
review-form-unfit = Le formulaire est illisible. Rouvrez la page et prenez-y votre décision.
review-meanwhile = Cette question n’attend plus : elle est décidée, ou elle n’est plus conservée.
