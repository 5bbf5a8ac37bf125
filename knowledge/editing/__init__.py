"""Content as staff write it: drafts, review by a second person, revisions, tables of a spreadsheet."""
