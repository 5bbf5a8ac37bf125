"""Rasa's logistic regression with class weights of our own. Runs in Rasa's process (Python 3.10); config.yml names it.

Rasa weighs the classes so that each counts the same in all. Here `ask` has ten times the examples of any other intent because
anything at all may be asked; made to count no more than «thanks», it loses questions to whatever shares a word with them
(«bộ này tên mới là gì» to `who_are_you`). docs/decisions/0017 has the figures.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WeightedClassifier(LogisticRegressionClassifier):
    """`balance`: 0 weighs all examples alike, 1 all intents alike; `strength`: scikit-learn's C, the less the more cautious."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**LogisticRegressionClassifier.get_default_config(), "balance": 0.5, "strength": 1.0}

    def train(self, training_data: TrainingData) -> Resource:
        counts = Counter(example.get(INTENT) for example in training_data.intent_examples)
        most = max(counts.values(), default=0)
        weights = {intent: (most / count) ** self.config["balance"] for intent, count in counts.items()}
        self.clf.set_params(C=self.config["strength"], class_weight=weights)
        return super().train(training_data)
