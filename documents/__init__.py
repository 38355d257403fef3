"""Files out and in: paper (PDF), the codes that lead from it to the screen, tables (XLSX, CSV), evidence."""
