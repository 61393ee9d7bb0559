# Replies
telegram-ask-how = Écrivez votre question après /ask, ou répondez par /ask au message qui la contient.
telegram-only-text = Je ne lis que le texte. Écrivez votre question avec des mots, s’il vous plaît.
telegram-choose-language = Dans quelle langue dois-je vous répondre ?
telegram-language-automatic = La langue de la question
telegram-outdated = Les sources ont changé depuis cette réponse. Posez de nouveau la question.
telegram-too-old = Ce message ne peut plus être modifié. Posez de nouveau la question.
telegram-items-left = { $count ->
    [one] Un autre point figure dans la source.
   *[other] { $count } autres points figurent dans la source.
}
telegram-whole-passage = Le passage entier
telegram-context-empty = Je n’ai gardé aucune de vos questions.
telegram-context = { $minutes ->
    [one] Pour les questions de suivi, je garde pendant une minute :
   *[other] Pour les questions de suivi, je garde pendant { $minutes } minutes :
}
telegram-context-refused = La dernière question, à laquelle mes sources n’ont pas répondu :

# Buttons
telegram-button-back = Retour à la réponse
telegram-button-forget = Effacer mes données
telegram-inline-start = Ouvrir une conversation avec moi

# Shown by Telegram before the first message and in menus
telegram-short-description = Posez votre question en arabe, darija, français, anglais ou espagnol : je réponds par une citation avec sa source.
telegram-description =
    Je réponds aux questions à partir de mes sources, en arabe, en darija, en français, en anglais et en espagnol.
    Chaque réponse est un passage cité mot pour mot, avec son emplacement. Si les sources ne répondent pas, je le dis.
telegram-command-ask = Poser une question
telegram-command-sources = Les sources de mes réponses
telegram-command-lang = Choisir la langue de mes réponses
telegram-command-context = Ce que je retiens de la conversation
telegram-command-privacy = Ce qui est conservé à votre sujet
telegram-command-forget = Effacer tout ce qui est conservé
telegram-command-collection = Choisir les documents de cette conversation
telegram-command-help = Comment poser une question
