"""Names of Rasa's slots (bot/dialogue/domain.yml)."""

PREVIOUS_QUESTION = "previous_question"
PREVIOUS_AS_OF = "previous_as_of"
