"""PDF to blocks: glyphs to lines, lines to columns and paragraphs, tables to rows."""
