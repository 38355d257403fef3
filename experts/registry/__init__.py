"""The register of experts: specialties, employer, leave."""
