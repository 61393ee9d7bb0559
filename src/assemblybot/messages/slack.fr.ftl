# While an answer is made
slack-working = cherche dans les sources…
slack-loading-read = Lecture des sources…
slack-loading-compare = Comparaison des passages…

# Parts of a message
slack-around = Le passage et ceux qui l’entourent
slack-cut = Ce passage est long ; seul son début est affiché ici.
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
slack-button-ask = Poser la question
slack-button-forget = Effacer mes données
slack-button-cancel = Annuler
slack-automatic = Langue de la question

# The command
slack-usage = { $command } suivi d’une question : vous seul voyez ma réponse, et vous pouvez la partager.
slack-usage-words = { $command } suivi de « help », « sources », « lang », « privacy » ou « forget » : affiche ce que je sais faire, mes sources, la langue de mes réponses ou ce que je conserve à votre sujet, ou efface ce que je conserve.
slack-usage-elsewhere = Vous pouvez aussi me mentionner dans un canal où j’ai été invité ({ $invite }), m’écrire en privé ou choisir « Ask the sources » dans le menu d’un message.
slack-usage-quiet = { $command } suivi de « quiet » : dans ce canal, je ne réponds alors que si l’on me mentionne ; « quiet off » annule ce réglage. Dans un fil, mentionnez-moi avec les mêmes mots.
slack-usage-collection = { $command } suivi de « collection » : indique à partir de quels documents je réponds ici, et comment en choisir d’autres.
slack-language-choices = Choisissez la langue de mes réponses : { $choices }.
slack-no-text = Ce message ne contient pas de texte sur lequel interroger les sources.
slack-only-text = Je ne lis que le texte. Écrivez votre question avec des mots, s’il vous plaît.
slack-not-invited = Je ne suis pas membre de { $channel } et je ne peux pas y répondre ; voici ce que j’y aurais répondu. Pour que j’y réponde, écrivez-y { $command }.
slack-quiet = Désormais, je ne réponds ici que si l’on me mentionne. { $command } annule ce réglage.
slack-quiet-off = Désormais, dans les fils où l’on m’a mentionné, je réponds aussi aux questions qui ne me mentionnent pas, quand je suis sûr de la réponse.
slack-quiet-direct = Dans une conversation privée, chaque message m’est destiné ; « quiet » sert dans les canaux et les fils.

# The agent panel and App Home
slack-prompts = Ce que vous pouvez demander
slack-home-about = À propos
slack-home-coverage = Mes sources
slack-home-questions = Ce que vous pouvez demander
slack-home-language = Langue de mes réponses
slack-home-privacy = Confidentialité
slack-forget-title = Tout effacer ?
slack-forget-text = Vos dernières questions, votre choix de langue et vos avis seront effacés immédiatement.
