# Documents that curators send in a chat. Nobody else sees these, except the last one.
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
documents-replaces = This file would replace “{ $title }” ({ $document }).
documents-twin = “{ $title }” ({ $document }) already contains exactly this file. There is nothing to do.
documents-meanwhile = Something has changed since the preview. This is the current state:
documents-added = “{ $title }” has been added. I will answer from it in a few seconds.
documents-replaced = “{ $title }” has replaced the previous document. I will answer from it in a few seconds.
documents-remove = Remove “{ $title }” ({ $document })? I will then no longer answer from it.
documents-removed = “{ $title }” has been removed. In a few seconds, I will no longer answer from it.
documents-cancelled = Nothing was changed.
documents-list = Documents that can be removed here:
documents-listed = “{ $title }” — language: { $language }
documents-none = There is no such document.
documents-more-listed = { $count ->
    [one] One more document is not shown. To find it, write part of its title after the command.
   *[other] { $count } more documents are not shown. To find one, write part of its title after the command.
}

# What is refused
documents-too-large = The file is too large: at most { $limit } MB can be sent here. Please split it.
documents-wrong-type = I cannot read files of this type. I can read these: { $types }
documents-link-refused = I only open https links to these hosts: { $hosts }
documents-private = That host is in a private network, so I do not fetch anything from it. Please send the file itself.
documents-not-fetched = The file could not be fetched completely. Please send it again.
documents-scope = The app is not allowed to read files here. Whoever installed it must add the scope files:read and install it again.
documents-refused = Nothing was changed: { $reason }
documents-unwritable = The documents cannot be changed here, because their folder is read-only. Please tell whoever runs the bot.
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
