"""One file with everything a buyer's accounts ask for: notice, choice, award, contract, acceptance, payment."""
