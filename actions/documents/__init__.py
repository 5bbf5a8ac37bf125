"""Documents for people to keep: described once (content), drawn as PDF and as DOCX in one look."""
