"""Play the scenarios: rows, their FHIR bodies, the policies of their payers, the steps and the checks."""
