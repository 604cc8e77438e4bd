"""What users read: languages and catalogues of texts. TOML in, one text by language out."""
