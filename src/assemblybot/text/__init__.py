"""Arabic and other text: normalisation, language, sentences, terms, direction."""
