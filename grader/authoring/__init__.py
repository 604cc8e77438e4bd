"""What an author of katas does with them: a kata that already runs, stubs from references, and proofs that checks judge
well: the audit, and the small mistakes that no check notices.
"""
