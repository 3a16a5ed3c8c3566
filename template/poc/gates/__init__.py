"""What CI refuses, and what it will refuse once there is something to look at."""

GATES = {
    "R1": "the contract in force is the one in the files, and signed",
    "R2": "no line of the ledger was removed or edited",
    "R3": "nothing is deployed above the level it has reached",
    "R4": "the decision set is scored under a contract only, and as often as agreed",
    "R5": "the code does nothing that the charter does not name",
    "R6": "data goes nowhere that the policy does not name",
    "R7": "the four signers are people, and the forge asks them",
    "R8": "no prompt or model changes without evals",
    "R9": "checklist, schemas and poc are those of the release",
    "R10": "production has a budget that somebody accepted",
    "R11": "waivers are short, few and by the risk owner",
    "R12": "no evidence and no verdict is committed",
    "R13": "the decision is taken when it was promised",
}

# These need a mechanism that this release does not have; what stands in for them until then.
COMING = {
    "R3": "There is no deploy job yet; read the level with `poc score` before you deploy.",
    "R6": "Nothing guards outbound calls yet; review new destinations by hand.",
    "R8": "No CI pipeline comes with this release; `make evals` decides, and EVAL-1 shows it.",
}
