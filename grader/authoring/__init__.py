"""What an author of katas does with them: stubs and notebooks from references, and proofs that checks judge well."""
