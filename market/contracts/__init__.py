"""The contract that follows an award, announced as the law asks."""
