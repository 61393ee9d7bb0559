# Documents that curators send in a chat. Nobody else sees these, but for the last one.
documents-preview = Preview: “{ $title }”
documents-collection = Collection: { $name }
documents-about = { $count ->
    [one] Language: { $language }. One passage.
   *[other] Language: { $language }. { $count } passages.
}
documents-left-out = Left out: { $what }
documents-note = Note: { $what }
documents-more = { $count ->
    [one] … and one more.
   *[other] … and { $count } more.
}
documents-replaces = It would take the place of “{ $title }” ({ $document }).
documents-twin = “{ $title }” ({ $document }) holds this very file already. Nothing is to be done.
documents-meanwhile = Something has changed since the preview. It is now as follows:
documents-added = “{ $title }” is added. In a few seconds it is answered from.
documents-replaced = “{ $title }” has taken the place of the document before. In a few seconds it is answered from.
documents-remove = Shall “{ $title }” ({ $document }) be removed? It is then no longer answered from.
documents-removed = “{ $title }” is removed. In a few seconds it is no longer answered from.
documents-cancelled = Nothing was changed.
documents-list = Documents that can be removed here:
documents-listed = “{ $title }” — language: { $language }
documents-none = There is no such document.
documents-more-listed = { $count ->
    [one] One more is not shown. Name a part of its title after the command.
   *[other] { $count } more are not shown. Name a part of their title after the command.
}

# What is refused
documents-too-large = The file is too large: at most { $limit } MB can be sent here. Please split it.
documents-wrong-type = Files of this type cannot be read. These can: { $types }
documents-link-refused = Links are followed by https to these hosts only: { $hosts }
documents-private = That host is in a private network, so nothing is fetched from there. Please send the file itself.
documents-not-fetched = The file could not be fetched whole. Please send it again.
documents-scope = The app may not read files here. Whoever installed it must add the scope files:read and install it again.
documents-refused = Nothing was changed: { $reason }
documents-unwritable = The documents cannot be changed here, because their folder cannot be written to. Please tell whoever runs the bot.
documents-only = “{ $title }” is the only document. Please add another one before you remove it.
documents-expired = This preview has expired. Please start again.

# Buttons
documents-button-add = Add
documents-button-replace = Replace
documents-button-remove = Remove
documents-button-remove-titled = Remove “{ $title }”
documents-button-cancel = Cancel

# For everybody else
documents-curators-only = Only curators can change the documents.
