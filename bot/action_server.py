"""Rasa's action calls, served inside the chat server: rasa-sdk's executor mounted in a FastAPI route, so no third process is needed."""

from __future__ import annotations

import hmac
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions.answer_question import ActionAnswerQuestion
from actions.ask_human import ActionAskHuman
from actions.data_rights import ActionEndDeletion, ActionExportData, ValidateDeletionForm
from actions.dossier_form import ActionEndDossier, ValidateDossierForm
from actions.eligibility_form import ActionEndEligibility, ValidateEligibilityForm
from actions.readiness_form import ActionEndReadiness, ValidateReadinessForm
from actions.reminder import ActionReminder
from actions.small_talk import ActionRestartConversation, ActionSmallTalk
from bot.turns import OpenTurns
from knowledge.stages import stage


def action_routes(token: str, turns: OpenTurns) -> APIRouter:
    """POST /actions/webhook, for the bearer of the token only: Rasa, on the loopback interface."""
    executor = ActionExecutor()
    for action in (
        ActionAnswerQuestion,
        ActionSmallTalk,
        ActionRestartConversation,
        ActionAskHuman,
        ValidateEligibilityForm,
        ActionEndEligibility,
        ValidateReadinessForm,
        ActionEndReadiness,
        ValidateDossierForm,
        ActionEndDossier,
        ActionExportData,
        ValidateDeletionForm,
        ActionEndDeletion,
        ActionReminder,
    ):
        executor.register_action(action)
    router = APIRouter()

    @router.post("/actions/webhook", include_in_schema=False)
    async def run_action(request: Request) -> Any:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise HTTPException(403)
        call = {
            "domain": {},
            **await request.json(),
        }  # no action asks for the domain, and Rasa leaves it out (endpoints.yml)
        try:
            with turns.action(call), stage("action"):
                result = await executor.run(call)
        except (ActionNotFoundException, ActionExecutionRejection) as error:
            raise HTTPException(400, str(error)) from error
        return result.model_dump() if result else {}

    return router
