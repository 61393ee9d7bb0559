# What was found
answered = Mes sources y répondent :
answered-unsure = Voici ce qui s’en approche le plus dans mes sources, mais cela ne répond peut-être pas à votre question :
answered-differ = Mes sources ne concordent pas sur ce point :
answered-list = Mes sources énumèrent ces points :
not-in-corpus = Mes sources ne répondent pas à cette question.
try-one-of-these = Essayez plutôt, par exemple :
examples = Par exemple :

# Parts of an answer
citation = { $count ->
    [one] ¶{ $paragraphs } · { $section } · { $title }
   *[other] ¶¶{ $paragraphs } · { $section } · { $title }
}
citation-without-section = { $count ->
    [one] ¶{ $paragraphs } · { $title }
   *[other] ¶¶{ $paragraphs } · { $title }
}
paged-title = { $title }, page { $page }
dated-title = { $title }, { $day }
translation-label = Traduction non officielle
rest-of-passage = Reste du passage
more-passages = Autres passages

# Texts that ask nothing
greeting = Bonjour ! Posez-moi une question sur { $sources }. Je réponds par des passages cités mot pour mot.
thanks = Je vous en prie. N’hésitez pas à poser une autre question.
goodbye = Au revoir !
help = Posez une question en arabe, en darija, en français, en anglais ou en espagnol. Je cherche les passages de mes sources qui y répondent et je les cite mot pour mot, avec leur emplacement. Si elles ne répondent pas, je le dis.
chatter = Je réponds aux questions sur mes sources. Posez-m’en une quand vous voulez.

# Turns about the bot, about a document, or about the last answer
complaint = Je regrette que cela ne vous ait pas été utile. Reformulez votre question, par exemple avec un nom, un lieu ou une date.
complaint-passages = Je regrette que cela ne vous ait pas été utile. Si aucun des passages suivants ne convient non plus, reformulez votre question, par exemple avec un nom, un lieu ou une date :
about-bot = Je suis un programme qui répond aux questions en arabe, en darija, en français, en anglais ou en espagnol, par des passages cités mot pour mot, avec leur emplacement dans la source. Si mes sources ne répondent pas, je le dis. Mes sources :
summary = Voici ce que dit le document, en une phrase citée de chaque section :
choice = J’ai plusieurs documents. Posez-moi une question sur l’un d’eux :
link = Où le lire :
author = Ce que je sais de son auteur et de ses traductions :
translate = Voici de nouveau la dernière réponse, en français :
untranslated = Ce texte n’existe pas en français dans mes sources. Voici de nouveau la dernière réponse, telle qu’elle figure dans la source :
more = Voici la suite :
why = Les passages voisins de la dernière réponse disent peut-être pourquoi :
end = Le document se termine ici.
nothing-yet = Je n’ai encore donné aucune réponse à laquelle cela puisse se rapporter. Posez d’abord une question.
refused = Aucun passage de mes sources ne répond à « { $question } ». J’ai examiné les passages qui s’en approchent le plus, mais je ne cite que ceux qui répondent. Posez la question autrement, par exemple avec un nom, un lieu ou une date.
source-title = « { $title } »
source-author = par { $author }
source-day = du { $day }
source-translations = les traductions ne sont pas officielles
source-note = note : { $note }
source-link = { $title } : { $url }
source-without-link = Je ne connais pas d’adresse web pour « { $title } ».
key-sentence = { $section } — « { $quote } » (¶{ $paragraph })
key-sentence-without-section = « { $quote } » (¶{ $paragraph })
key-sentence-translation = Traduction non officielle : { $text }

# Refusals and failures
question-too-long = La question est trop longue : { $limit } caractères au maximum. Posez-la plus brièvement.
question-empty = La question ne contient aucun texte lisible. Écrivez-la avec des mots.
busy = Trop de questions attendent en ce moment. Réessayez dans un instant.
slow-down = { $seconds ->
    [one] Vous avez posé beaucoup de questions en peu de temps. Réessayez dans une seconde.
   *[other] Vous avez posé beaucoup de questions en peu de temps. Réessayez dans { $seconds } secondes.
}
failed = Un problème est survenu de notre côté et la question est restée sans réponse. Posez-la de nouveau.
collection-unavailable = Cette collection de documents est indisponible pour le moment. Réessayez plus tard, s’il vous plaît.

# About the bot
about = Je réponds aux questions à partir de ces sources : { $sources }. Chaque réponse est une citation avec son emplacement dans la source ; les traductions ne sont pas officielles.
sources-title = Sources
sources-line = { $passages ->
    [one] { $title } — { $author } ({ $passages } passage)
   *[other] { $title } — { $author } ({ $passages } passages)
}
sources-line-without-author = { $passages ->
    [one] { $title } ({ $passages } passage)
   *[other] { $title } ({ $passages } passages)
}
privacy = Vos questions ne sont enregistrées dans aucun journal. Pendant { $minutes } minutes, je garde votre dernière question et les passages cités, pour que vous puissiez poser des questions de suivi. Les avis sont conservés sans votre nom. La commande « forget » efface tout cela.
privacy-kept = Les questions sont conservées pour améliorer les réponses, sans rien qui indique qui les a posées. Pendant { $minutes } minutes, je garde aussi votre dernière question et les passages cités, pour que vous puissiez poser des questions de suivi. Les avis sont conservés sans votre nom. La commande « forget » efface tout cela, sauf les questions conservées pour améliorer les réponses.
forgotten = Tout ce qui était conservé à votre sujet a été effacé.
language-set = Je vous répondrai en français.
language-automatic = Je vous répondrai dans la langue de votre question.
feedback-thanks = Merci pour votre avis.
feedback-why = Merci. Qu’est-ce qui n’allait pas ?

# The collection of a chat
collection-here = Dans cette conversation, je réponds à partir de la collection « { $name } ».
collection-choices = Dans cette conversation, je réponds à partir de la collection « { $name } ». Pour en choisir une autre, écrivez { $command } suivi d’un de ces noms : { $names }.
collection-set = Désormais, dans cette conversation, je répondrai à partir de la collection « { $name } ».
collection-unknown = Il n’y a pas de collection de ce nom. Voici les noms : { $names }.
collection-fixed = Dans cette conversation, je réponds à partir de la collection « { $name } ». Ce choix a été fixé par l’exploitant du bot et ne peut pas être modifié ici.
collection-not-yours = Dans cette conversation, je réponds à partir de la collection « { $name } ». Seuls les administrateurs peuvent en choisir une autre.

# Buttons
button-next = Passage suivant
button-around = Passages voisins
button-original = Original
button-translation = Traduction
button-open = Voir dans la source
button-helpful = Utile
button-not-helpful = Pas utile
button-wrong-passage = Mauvais passage
button-not-answered = Ne répond pas
button-other = Autre chose
