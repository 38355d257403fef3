"""The shopfronts: the directory of providers, and each one's page with what it offers, holds and has done here."""
