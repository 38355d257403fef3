// Filled in by the key tools of the page /keys/.
