"""The register of providers: entry by promise, certificates with their days, history, objections."""
