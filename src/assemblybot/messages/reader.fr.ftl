# On every page
reader-skip = Aller au texte
reader-documents = Documents
reader-ask-label = Interroger les sources
reader-ask-hint = Posez une question dans l’une des cinq langues
reader-ask-button = Poser la question
reader-languages = Langue des pages
reader-display = Affichage
reader-colours = Couleurs
reader-colours-auto = Comme l’appareil
reader-colours-light = Claires
reader-colours-dark = Sombres
reader-show = Afficher
reader-promise = Les questions posées ici ne sont pas conservées. Les traductions ne sont pas officielles.
reader-promise-kept = Les questions posées ici sont conservées sans rien qui indique qui les a posées. Les traductions ne sont pas officielles.

# The first page
reader-introduction = Posez vos questions en arabe, en darija, en français, en anglais ou en espagnol. La réponse est citée mot pour mot à partir de ces documents, avec son emplacement. S’ils ne répondent pas, la page le dit.
reader-previous = Documents précédents
reader-next = Documents suivants
reader-list-page = Page { $number } sur { $count }

# A document
reader-sections = Sections
reader-paragraph = Paragraphe { $number }
reader-translation = Traduction
reader-no-translation = Aucune
reader-translated = Une traduction non officielle accompagne l’original. Seul l’original fait foi.
reader-dates = du { $begins } au { $ends }
reader-about = À propos de ce document
reader-title = Titre
reader-author = Auteur
reader-source = Source
reader-licence = Licence
reader-event = Événement
reader-place = Lieu
reader-when = Date
reader-note = Remarque
reader-passages = { $count ->
    [one] { $count } passage
   *[other] { $count } passages
}

# An answer
reader-answer = Réponse
reader-question = Votre question

# No page
reader-no-page = Cette page n’existe pas
reader-no-page-text = Le document a peut-être été renommé ou retiré. Tous les documents figurent sur la première page.
reader-no-answer = Pas de réponse
