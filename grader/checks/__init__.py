"""What a check asks: the student's module as plain data. Questions in, values or a student's fault out."""
