// Checks a dropped receipt, draw or record in the browser.
