"""The dossier checklist: what is ticked off, what a message means, what is said and exported."""
