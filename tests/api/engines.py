"""The emulators and test engines that run beside these tests. `scripts/engines env` prints the variables."""

import os

SEARCH_VARIABLES = ("ESTANTE_TEST_OPENSEARCH", "ESTANTE_TEST_OPENSEARCH_2", "ESTANTE_TEST_ELASTICSEARCH")

MOTO = os.environ.get("ESTANTE_TEST_MOTO")
DYNOXIDE = os.environ.get("ESTANTE_TEST_DYNOXIDE")  # the program: each data folder gets an instance of its own
SEARCH = next(filter(None, map(os.environ.get, SEARCH_VARIABLES)), None)

# A test that uses one of these fixtures needs the engine. It gets the marker, and is skipped where the engine does not run.
BY_FIXTURE = {
    "moto": ("moto", MOTO, "moto does not run: scripts/engines up moto"),
    "prefix": ("search_engine", SEARCH, "no search engine runs: scripts/engines up opensearch"),
}
# With DynamoDB every test needs these.
FOR_DYNAMODB = {"dynoxide": DYNOXIDE, "moto": MOTO}
