"""Names of Rasa's slots (bot/dialogue/domain.yml)."""

PREVIOUS_QUESTION = "previous_question"
PREVIOUS_AS_OF = "previous_as_of"
ELIGIBILITY = "eligibility"  # the record of the eligibility check
ELIGIBILITY_DONE = "eligibility_done"  # what the form waits for
