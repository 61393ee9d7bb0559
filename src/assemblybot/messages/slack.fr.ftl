# While an answer is made
slack-working = cherche dans les sources…
slack-loading-read = Lecture des sources…
slack-loading-compare = Comparaison des passages…

# Parts of a message
slack-around = Le passage et ses voisins
slack-cut = Ce passage est long ; seul son début est affiché ici.
slack-shared-by = Partagé par { $user }
slack-passage-gone = Ce passage ne figure plus dans les sources. Posez la question de nouveau.
slack-more-sources = { $count ->
    [one] … et un autre document
   *[other] … et { $count } autres documents
}

# Buttons
slack-button-whole = Passage entier
slack-button-answer = La réponse seule
slack-button-share = Partager dans le canal
slack-button-ask = Demander
slack-button-forget = M’oublier
slack-button-cancel = Annuler
slack-automatic = Langue de la question

# The command
slack-usage = { $command } suivi d’une question : je réponds à vous seul, et vous pouvez partager la réponse.
slack-usage-words = { $command } suivi de « help », « sources », « lang », « privacy » ou « forget » : ce que je sais faire, mes sources, ma langue, ce que je conserve et son effacement.
slack-usage-elsewhere = Vous pouvez aussi me mentionner dans un canal où j’ai été invité ({ $invite }), m’écrire en privé ou choisir « Ask the sources » dans le menu d’un message.
slack-usage-quiet = { $command } suivi de « quiet » : dans ce canal, je ne réponds que si l’on me mentionne ; « quiet off » y met fin. Dans un fil, mentionnez-moi avec les mêmes mots.
slack-usage-collection = { $command } suivi de « collection » : à partir de quels documents je réponds ici, et comment en choisir d’autres.
slack-language-choices = Indiquez la langue que je dois parler : { $choices }.
slack-no-text = Ce message ne contient pas de texte sur lequel interroger les sources.
slack-only-text = Je ne lis que le texte. Écrivez votre question avec des mots, s’il vous plaît.
slack-not-invited = Je ne suis pas membre de { $channel } et je ne peux pas y répondre ; voici ce que j’y dirais. Pour que j’y réponde, écrivez-y { $command }.
slack-quiet = Désormais, je ne réponds ici que si l’on me mentionne. { $command } rétablit les autres réponses.
slack-quiet-off = Désormais, dans les fils où l’on m’a mentionné, je réponds aussi aux questions sans mention, quand je suis sûr de la réponse.
slack-quiet-direct = Dans une conversation privée, chaque message m’est destiné ; « quiet » sert dans les canaux et les fils.

# The agent panel and App Home
slack-prompts = Mes sources répondent à ceci
slack-home-about = À propos
slack-home-coverage = Mes sources
slack-home-questions = Questions souvent posées
slack-home-language = Ma langue
slack-home-privacy = Vie privée
slack-forget-title = Tout oublier ?
slack-forget-text = Vos dernières questions, votre choix de langue et vos avis sont effacés immédiatement.
