"""After the notice: new versions of the documents, corrections, questions with their answers, a later deadline."""
