"""Check a receipt, a draw or a record in the browser."""
