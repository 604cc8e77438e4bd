"""What the checks know about the subject: gates, wirings, stacks, slopes, and the mistakes that one makes with them.

A module serves the public and the hidden checks of a kata, or of several, alike.
"""
