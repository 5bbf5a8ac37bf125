"""Names of Rasa's slots (bot/dialogue/domain/)."""

PREVIOUS_QUESTION = "previous_question"
PREVIOUS_AS_OF = "previous_as_of"
ELIGIBILITY = "eligibility"  # the record of the eligibility check
ELIGIBILITY_DONE = "eligibility_done"  # what the form waits for
DELETION_DECIDED = "deletion_decided"

# What outlives a turn. The slot that a form waits for does not: the next run of the form starts with it empty.
CARRIED = (PREVIOUS_QUESTION, PREVIOUS_AS_OF, ELIGIBILITY)
